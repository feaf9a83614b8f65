import any from 'google-protobuf/google/protobuf/any_pb.js';
import googleEmpty from 'google-protobuf/google/protobuf/empty_pb.js';
import code from '@eventstore/db-client/generated/code_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { MAX_APPEND_BYTES, type Expected, type LogRecord, type ProposedRecord, type Written } from './eventstoredb-log.js';

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

export function proposedRecord(message: BatchAppendReq.ProposedMessage | AppendReq.ProposedMessage): ProposedRecord {
  return {
    id: message.getId()!.getString(),
    type: message.getMetadataMap().get('type')!,
    contentType: message.getMetadataMap().get('content-type')!,
    data: message.getData_asU8(),
    customMetadata: message.getCustomMetadata_asU8(),
  };
}

/** Stream and expected revision of an append, by either method. */
export function target(options: BatchAppendReq.Options | AppendReq.Options): { stream: string; expected: Expected } {
  const stream = text(options.getStreamIdentifier()!.getStreamName());
  if (options.hasAny()) return { stream, expected: 'any' };
  if (options.hasNoStream()) return { stream, expected: 'no_stream' };
  if (options.hasStreamExists()) return { stream, expected: 'stream_exists' };
  return { stream, expected: Number('getStreamPosition' in options ? options.getStreamPosition() : options.getRevision()) };
}

/** streams.proto: BatchAppendResp, a refusal being a google.rpc.Status with shared.proto's WrongExpectedVersion in it */
export function batchAppendResponse(request: BatchAppendReq, stream: string, expected: Expected, written: Written): BatchAppendResp {
  const response = new streams.BatchAppendResp()
    .setCorrelationId(request.getCorrelationId())
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)));
  if ('revision' in written) {
    const position = new shared.AllStreamPosition().setCommitPosition(String(written.position)).setPreparePosition(String(written.position));
    return response.setSuccess(new streams.BatchAppendResp.Success().setCurrentRevision(String(written.revision)).setPosition(position));
  }
  const details = new any.Any();
  if ('tooLarge' in written) {
    const tooLarge = new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_BYTES);
    details.pack(tooLarge.serializeBinary(), 'event_store.client.MaximumAppendSizeExceeded');
    return response.setError(new status.Status().setCode(code.Code.INVALID_ARGUMENT).setMessage('MaximumAppendSizeExceeded').setDetails(details));
  }
  const refusal = new shared.WrongExpectedVersion();
  if (written.current < 0) refusal.setCurrentNoStream(new googleEmpty.Empty());
  else refusal.setCurrentStreamRevision(String(written.current));
  if (expected === 'no_stream') refusal.setExpectedNoStream(new googleEmpty.Empty());
  else if (expected === 'stream_exists') refusal.setExpectedStreamExists(new googleEmpty.Empty());
  else if (expected === 'any') refusal.setExpectedAny(new googleEmpty.Empty());
  else refusal.setExpectedStreamPosition(String(expected));
  details.pack(refusal.serializeBinary(), 'event_store.client.WrongExpectedVersion');
  return response.setError(new status.Status().setCode(code.Code.FAILED_PRECONDITION).setMessage('WrongExpectedVersion').setDetails(details));
}

/** streams.proto: AppendResp */
export function appendResponse(written: Written): AppendResp {
  if ('revision' in written) {
    const position = new streams.AppendResp.Position().setCommitPosition(String(written.position)).setPreparePosition(String(written.position));
    return new streams.AppendResp().setSuccess(new streams.AppendResp.Success().setCurrentRevision(String(written.revision)).setPosition(position));
  }
  if ('tooLarge' in written) throw new Error('answered with the status of the call');
  const refusal = new streams.AppendResp.WrongExpectedVersion();
  if (written.current < 0) refusal.setCurrentNoStream(new shared.Empty());
  else refusal.setCurrentRevision(String(written.current));
  return new streams.AppendResp().setWrongExpectedVersion(refusal.setExpectedAny(new shared.Empty()));
}
