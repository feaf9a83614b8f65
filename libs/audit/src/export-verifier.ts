import { comparePositions, GENESIS, nextLink, START } from '#platform';
import { BadLine, FORMAT, readLine, VERSION, type EventLine, type ExportLine, type HeaderLine, type HeadLine } from './export-format.js';
import type { SignedHead } from './signed-head.js';
import { Trust } from './trust.js';

/** The first place that does not verify, and why. */
export interface Mismatch {
  /** From 1; the last line where something is missing at the end. */
  readonly line: number;
  /** Of the event there or before it; null in front of the first. */
  readonly position: string | null;
  /** A sentence. */
  readonly reason: string;
}

export interface Verdict {
  readonly ok: boolean;
  readonly store_id: string | null;
  readonly project_id: string | null;
  /** Events read. */
  readonly events: number;
  /** Signed heads in the file whose signatures were checked, the end among them. */
  readonly heads: number;
  /** The signed head with which the file ends. */
  readonly end: SignedHead | null;
  readonly mismatch: Mismatch | null;
}

/** The file is none that can be checked. */
export class NotAnExport extends Error {}

/**
 * Checks an export line by line, in constant memory and with nothing but the file, the keys that are trusted and heads that were
 * kept elsewhere. Without a trusted key it takes the ones in the file: that shows that the file is whole, not who made it.
 */
export class ExportVerifier {
  private link = GENESIS;
  private events = 0;
  private heads = 0;
  private position = START;
  private lineNumber = 0;
  private header: HeaderLine | null = null;
  private end: HeadLine | null = null;
  private mismatch: Mismatch | null = null;
  /** The chain broke at this event; what is said of it depends on how many events follow. */
  private broken: Mismatch | null = null;
  private trust: Trust;
  private readonly later: SignedHead[];

  /** @param later heads of the project's chain that were kept elsewhere */
  constructor(trust: Trust, later: readonly SignedHead[] = []) {
    this.trust = trust;
    this.later = [...later].sort((a, b) => comparePositions(a.position, b.position));
  }

  /**
   * Takes the next line, without its line break.
   * @throws NotAnExport where the first line is none of an export, or of one that this program does not know
   */
  add(text: string): void {
    this.lineNumber += 1;
    if (this.lineNumber === 1) assertExport(text);
    if (this.mismatch) return;
    try {
      this.take(readLine(text));
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      this.fail(`Line ${this.lineNumber} ${error.message}.`);
    }
  }

  /** A line that cannot be read at all, such as one whose bytes are no UTF-8, or whose line break is missing. */
  addBroken(reason: string): void {
    this.lineNumber += 1;
    if (this.lineNumber === 1) throw new NotAnExport('It is not an export: its first line cannot be read.');
    this.fail(`Line ${this.lineNumber} ${reason}.`);
  }

  /** @throws NotAnExport where there was no line */
  finish(): Verdict {
    if (this.lineNumber === 0) throw new NotAnExport('It is empty.');
    if (!this.end && !this.mismatch && !this.broken)
      this.fail(
        this.events === 0
          ? 'The file ends in front of its first event: it was cut off.'
          : `The file ends behind position ${this.position} without the head that closes every export: its tail was cut off.`,
      );
    if (this.broken && !this.mismatch) this.mismatch = this.broken;
    this.compareLater(null);
    const { header, events, heads, end, mismatch } = this;
    return {
      ok: mismatch === null,
      store_id: header?.store_id ?? null,
      project_id: header?.project_id ?? null,
      events,
      heads,
      end,
      mismatch,
    };
  }

  private take(line: ExportLine): void {
    if (this.end) return this.fail(`Line ${this.lineNumber} stands behind the head that closes the export: it was added.`);
    if (line.kind === 'header') return this.takeHeader(line);
    switch (line.kind) {
      case 'event':
        return this.takeEvent(line);
      case 'head':
      case 'end':
        return this.takeHead(line);
      case 'unsigned':
        if (!this.broken) this.fail(`The server did not sign this export: ${line.reason}`);
    }
  }

  private takeHeader(header: HeaderLine): void {
    if (this.header) return this.fail(`Line ${this.lineNumber} is a second header: it was added.`);
    this.header = header;
    this.trust = this.trust.isEmpty ? new Trust(header.keys) : this.trust.with(header.keys);
    const foreign = this.later.find(({ store_id, project_id }) => store_id !== header.store_id || project_id !== header.project_id);
    if (foreign)
      return this.fail(
        `The head of ${foreign.time} that was given belongs to ${foreign.chain === 'log' ? 'the chain of a whole log' : `project ${foreign.project_id!}`} in store ${foreign.store_id}, and not to this project and store.`,
      );
    for (const head of this.later) {
      const objection = this.trust.objection(head);
      if (objection) return this.fail(`The head of ${head.time} that was given ${objection}.`);
    }
  }

  private takeEvent(event: EventLine): void {
    const { position } = event;
    if (this.broken) {
      this.events += 1;
      return;
    }
    if (comparePositions(position, this.position) <= 0) {
      const same = position === this.position;
      return this.fail(
        `The event at position ${position} (line ${this.lineNumber}) stands behind ${same ? 'itself: it was doubled' : `position ${this.position}: events were moved or doubled`}.`,
        position,
      );
    }
    this.compareLater(position);
    if (this.mismatch) return;
    const before = this.position;
    const link = nextLink(this.link, event);
    this.events += 1;
    this.position = position;
    if (link.toString('hex') !== event.link) {
      const where = before === START ? 'at the beginning' : `behind position ${before}`;
      this.broken = {
        line: this.lineNumber,
        position,
        reason: `The event at position ${position} (line ${this.lineNumber}) does not continue the chain: it was changed or added, or an event is missing ${where}.`,
      };
      return;
    }
    this.link = link;
    this.compareLater(position);
  }

  private takeHead(head: HeadLine): void {
    if (head.kind === 'end') this.end = head;
    const name = head.kind === 'end' ? `The closing head of ${head.time}` : `The head of ${head.time} (line ${this.lineNumber})`;
    const { store_id, project_id } = this.header!;
    if (head.store_id !== store_id || head.project_id !== project_id)
      return this.fail(`${name} belongs to another project or store: the header or the head was exchanged.`);
    const objection = this.trust.objection(head);
    if (objection) return this.fail(`${name} ${objection}.`);
    this.heads += 1;
    if (this.broken) {
      if (head.kind === 'end') this.sayMore(head.events - this.events);
      return;
    }
    const reason = this.difference(head);
    if (reason) this.fail(`${name} ${reason}`);
  }

  /** The chain broke; the signed number of events says what was done to it. */
  private sayMore(missing: number): void {
    const { line } = this.broken!;
    const position = this.broken!.position!;
    const at = `(line ${line})`;
    const more =
      missing > 0
        ? `${missing} of the signed events ${missing === 1 ? 'is' : 'are'} missing, the first in front of position ${position} ${at}.`
        : missing < 0
          ? `There ${missing === -1 ? 'is one event' : `are ${-missing} events`} more than were signed; the first that does not belong there is at position ${position}, or right in front of it ${at}.`
          : `The event at position ${position} ${at} is not what was signed: it, its link or its place was changed.`;
    this.mismatch = { ...this.broken!, reason: more };
  }

  /** In what a head differs from the chain as it stands here, in words that follow its name; null in nothing. */
  private difference(head: SignedHead): string | null {
    const order = comparePositions(head.position, this.position);
    if (order > 0)
      return `says that the chain goes on to position ${head.position} with ${head.events} events; here it ends at position ${this.position} with ${this.events}: the tail was cut off.`;
    if (order < 0)
      return `says that the chain stood at position ${head.position}; here it stands at ${this.position}: events were added, or the head was moved.`;
    if (head.events !== this.events) return `counts ${head.events} events up to position ${head.position}; here there are ${this.events}.`;
    if (head.link !== this.link.toString('hex'))
      return `has another link at position ${head.position} than the chain here: everything up to it was written anew.`;
    return null;
  }

  /** Compares the heads that were given from elsewhere, up to a position that has been reached or is about to be passed; null for all. */
  private compareLater(position: string | null): void {
    while (!this.mismatch && this.later[0] && (position === null || comparePositions(this.later[0].position, this.position) <= 0)) {
      const head = this.later.shift()!;
      const reason = this.difference(head);
      if (reason) this.fail(`The head of ${head.time} that was given ${reason}`);
    }
    const next = this.later[0];
    if (!this.mismatch && next && position !== null && comparePositions(next.position, position) < 0)
      this.fail(
        `The head of ${next.time} that was given names an event at position ${next.position}, which is missing here in front of position ${position}.`,
      );
  }

  private fail(reason: string, position = this.position === START ? null : this.position): void {
    this.mismatch ??= this.broken ?? { line: this.lineNumber, position, reason };
  }
}

function assertExport(text: string): void {
  let json: Partial<HeaderLine> | null;
  try {
    json = JSON.parse(text) as Partial<HeaderLine> | null;
  } catch {
    json = null;
  }
  if (json?.kind !== 'header' || json.format !== FORMAT)
    throw new NotAnExport('It is not an export of a project: GET /api/v1/projects/<id>/events/export makes one.');
  if (typeof json.version === 'number' && json.version > VERSION)
    throw new NotAnExport(`It is an export of format ${json.version}, and this program knows ${VERSION}: verify it with a newer one.`);
}

/** Longest line that is read; an event's text has at most some megabytes. */
const LONGEST_LINE = 256 * 1024 * 1024;

/**
 * Checks a whole file.
 * @param bytes its contents, in pieces of any size
 * @throws NotAnExport
 */
export async function verifyExport(bytes: AsyncIterable<Buffer>, verifier: ExportVerifier): Promise<Verdict> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const take = (line: Buffer): void => {
    let text: string;
    try {
      text = decoder.decode(line);
    } catch {
      return verifier.addBroken('is not UTF-8: a byte of it was changed');
    }
    verifier.add(text);
  };
  let rest: Buffer[] = [];
  let length = 0;
  for await (const piece of bytes) {
    let from = 0;
    for (let to = piece.indexOf(10); to >= 0; to = piece.indexOf(10, from)) {
      const part = piece.subarray(from, to);
      take(rest.length > 0 ? Buffer.concat([...rest, part]) : part);
      [rest, length] = [[], 0];
      from = to + 1;
    }
    if (from === piece.length) continue;
    rest.push(piece.subarray(from));
    length += piece.length - from;
    if (length > LONGEST_LINE) throw new NotAnExport('It is not an export: it has a line that is longer than any event.');
  }
  if (length > 0) verifier.addBroken('has no line break at its end: the file was cut off in the middle of it');
  return verifier.finish();
}
