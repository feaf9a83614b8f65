import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq, AppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Expected, LogRecord, ProposedRecord, Written } from './eventstoredb-log.js';

/** The messages of EventStoreDB's protocol, as the client's generated definitions spell them. */

const text = (bytes: Uint8Array | string): string => Buffer.from(bytes as Uint8Array).toString('utf8');
const SUPPORTED_SERVICE = 'event_store.client.streams.Streams';
/** The server counts time in ticks of 100 ns. */
const TICKS_PER_MS = 10_000n;

/** serverfeatures.proto: SupportedMethods */
export function supportedMethods(names: readonly string[]): InstanceType<typeof features.SupportedMethods> {
  const message = new features.SupportedMethods().setEventStoreServerVersion('24.10.0');
  for (const name of names) message.addMethods(new features.SupportedMethod().setServiceName(SUPPORTED_SERVICE).setMethodName(name));
  return message;
}

/** gossip.proto: ClusterInfo of one leader */
export function clusterInfo(address: string, port: number): InstanceType<typeof gossip.ClusterInfo> {
  const member = new gossip.MemberInfo()
    .setInstanceId(new shared.UUID().setString('00000000-0000-4000-8000-000000000001'))
    .setState(gossip.MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setHttpEndPoint(new gossip.EndPoint().setAddress(address).setPort(port));
  return new gossip.ClusterInfo().setMembersList([member]);
}

/** streams.proto: ReadResp.event */
export function readEvent(record: LogRecord): ReadResp {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(record.id))
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(record.stream)))
    .setStreamRevision(String(record.revision))
    .setCommitPosition(String(record.position))
    .setPreparePosition(String(record.position))
    .setCustomMetadata(record.customMetadata)
    .setData(record.data);
  const metadata = recorded.getMetadataMap();
  metadata.set('type', record.type);
  metadata.set('content-type', record.contentType);
  metadata.set('created', String(BigInt(record.created.getTime()) * TICKS_PER_MS));
  return new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(String(record.position)));
}

export const confirmation = (id: string): ReadResp =>
  new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id));
export const caughtUp = (): ReadResp => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());
export const checkpoint = (position: bigint): ReadResp =>
  new streams.ReadResp().setCheckpoint(new streams.ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position)));
export const streamNotFound = (stream: string): ReadResp =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream))),
  );

export function proposedRecord(message: AppendReq.ProposedMessage): ProposedRecord {
  return {
    id: message.getId()!.getString(),
    type: message.getMetadataMap().get('type')!,
    contentType: message.getMetadataMap().get('content-type')!,
    data: message.getData_asU8(),
    customMetadata: message.getCustomMetadata_asU8(),
  };
}

/** Stream and expected revision of an append. */
export function target(options: AppendReq.Options): { stream: string; expected: Expected } {
  const stream = text(options.getStreamIdentifier()!.getStreamName());
  if (options.hasAny()) return { stream, expected: 'any' };
  if (options.hasNoStream()) return { stream, expected: 'no_stream' };
  if (options.hasStreamExists()) return { stream, expected: 'stream_exists' };
  return { stream, expected: Number(options.getRevision()) };
}

/** streams.proto: AppendResp; a refusal says what was expected and what is there */
export function appendResponse(expected: Expected, written: Exclude<Written, { tooLarge: true }>): AppendResp {
  if ('revision' in written) {
    const position = new streams.AppendResp.Position().setCommitPosition(String(written.position)).setPreparePosition(String(written.position));
    return new streams.AppendResp().setSuccess(new streams.AppendResp.Success().setCurrentRevision(String(written.revision)).setPosition(position));
  }
  const refusal = new streams.AppendResp.WrongExpectedVersion();
  if (written.current < 0) refusal.setCurrentNoStream(new shared.Empty());
  else refusal.setCurrentRevision(String(written.current));
  if (expected === 'no_stream') refusal.setExpectedNoStream(new shared.Empty());
  else if (expected === 'stream_exists') refusal.setExpectedStreamExists(new shared.Empty());
  else if (expected === 'any') refusal.setExpectedAny(new shared.Empty());
  else refusal.setExpectedRevision(String(expected));
  return new streams.AppendResp().setWrongExpectedVersion(refusal);
}
