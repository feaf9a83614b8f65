import type { HashedEvent } from '#platform';
import { readSignedHead, type SignedHead } from './signed-head.js';
import { readVerificationKey, type VerificationKey } from './verification-key.js';

/**
 * The lines of an export, in the order in which they stand: a header; the events of a project's chain, each with its link, and behind
 * an event the heads that were signed there; the end, which is a head signed when the export was made. A line is what
 * `JSON.stringify` makes of these members in this order, and a line break.
 */
export interface HeaderLine {
  readonly kind: 'header';
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly store_id: string;
  readonly project_id: string;
  /** That made the signatures in this file. */
  readonly keys: readonly VerificationKey[];
}

export interface EventLine extends HashedEvent {
  readonly kind: 'event';
  /** Of the project's chain, hex. */
  readonly link: string;
}

export interface HeadLine extends SignedHead {
  /** `end` closes the file. */
  readonly kind: 'head' | 'end';
}

/** Closes a file that the server could not sign. */
export interface UnsignedLine {
  readonly kind: 'unsigned';
  readonly reason: string;
}

export type ExportLine = HeaderLine | EventLine | HeadLine | UnsignedLine;

export const FORMAT = 'countersign/project-export';
export const VERSION = 1;

export const headerLine = (store_id: string, project_id: string, keys: readonly VerificationKey[]): HeaderLine => ({
  kind: 'header',
  format: FORMAT,
  version: VERSION,
  store_id,
  project_id,
  keys: keys.map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid })),
});

export const eventLine = ({ position, event_id, stream, revision, type, version, metadata, data }: HashedEvent, link: string): EventLine => ({
  kind: 'event',
  position,
  event_id,
  stream,
  revision,
  type,
  version,
  metadata,
  data,
  link,
});

export const headLine = (kind: HeadLine['kind'], head: SignedHead): HeadLine => {
  const { store_id, chain, project_id, position, events, link, time, key_id, signature } = head;
  return { kind, store_id, chain, project_id, position, events, link, time, key_id, signature };
};

/** Makes the line, without its line break, of what it says. */
export const textOfLine = (line: ExportLine): string => JSON.stringify(line);

/** What is wrong with a line by itself, in words that follow "line 12 ". */
export class BadLine extends Error {}

/**
 * Reads one line.
 * @throws BadLine for anything that an export does not write in exactly this way
 */
export function readLine(text: string): ExportLine {
  const line = lineOf(text);
  if (textOfLine(line) !== text) throw new BadLine('is not written as an export writes it: something was added, moved or changed in it');
  return line;
}

function lineOf(text: string): ExportLine {
  const json = parse(text);
  switch (json['kind']) {
    case 'header': {
      const keys = Array.isArray(json['keys']) ? json['keys'].map(readVerificationKey) : [null];
      const broken = keys.indexOf(null);
      if (broken >= 0) throw new BadLine(`has a key that is not one, or not the one its kid says (key ${broken + 1})`);
      return headerLine(textIn(json, 'store_id'), textIn(json, 'project_id'), keys as VerificationKey[]);
    }
    case 'event': {
      const texts = (['position', 'event_id', 'stream', 'type', 'metadata', 'data', 'link'] as const).map((name) => textIn(json, name));
      const [position, event_id, stream, type, metadata, data, link] = texts as [string, string, string, string, string, string, string];
      const [revision, version] = [json['revision'], json['version']];
      if (!Number.isSafeInteger(revision) || !Number.isSafeInteger(version)) throw new BadLine('is no event: revision and version are numbers');
      if (!/^[1-9]\d{0,18}$/.test(position)) throw new BadLine('is no event: its position is no decimal number');
      return eventLine({ position, event_id, stream, revision: revision as number, type, version: version as number, metadata, data }, link);
    }
    case 'head':
    case 'end': {
      const head = readSignedHead(json);
      if (!head) throw new BadLine('is no signed head: a member is missing or malformed');
      return headLine(json['kind'], head);
    }
    case 'unsigned':
      return { kind: 'unsigned', reason: textIn(json, 'reason') };
    default:
      throw new BadLine('is none of an export: its kind is neither header, event, head nor end');
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new BadLine('is no JSON object');
}

function textIn(json: Readonly<Record<string, unknown>>, name: string): string {
  const value = json[name];
  if (typeof value !== 'string') throw new BadLine(`has no ${name}`);
  return value;
}
