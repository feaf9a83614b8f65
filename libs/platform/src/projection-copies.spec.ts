import { UnreadableEvent } from './event-codec.js';
import type { LogEntry } from './event-log.js';
import { foldPage, table, touchedIds, type Row } from './projection.js';

interface NoteRow extends Row {
  note_id: string;
  texts: string[];
}
type NoteEvent = { type: 'note.taken'; data: { note_id: string; text: string } };

const notes = table<NoteRow, NoteEvent>('notes', 'note_id', {
  'note.taken': {
    id: ({ data }) => data.note_id,
    evolve: (row, { data: { note_id, text } }) => {
      if (text === 'broken') throw new Error('this note cannot be folded');
      return { note_id, texts: [...(row?.texts ?? []), text] };
    },
  },
});
const projection = { name: 'notes', tables: [notes] };

const entry = (position: number, type: string, data: unknown = {}, more: Partial<LogEntry> = {}): LogEntry => {
  const stored = { position: String(position), type, version: 1 } as LogEntry['stored'];
  return { stored, event: { type, data, position: String(position) } as never, unreadable: null, ...more };
};
const note = (position: number, note_id: string, text: string) => entry(position, 'note.taken', { note_id, text });
const unreadable = (position: number): LogEntry => {
  const { stored } = note(position, 'a', '');
  return { stored, event: null, unreadable: new UnreadableEvent(stored, 'it is not JSON') };
};

const fold = (entries: readonly LogEntry[], skipped: readonly string[] = []) => {
  const { changes, obstacle } = foldPage(projection, new Map([[notes, new Map()]]), entries, new Set(skipped));
  return { rows: Object.fromEntries([...changes.get(notes)!].map(([id, row]) => [id, row?.['texts']])), obstacle };
};

describe('copies that an event carries in', () => {
  it('are folded before it, in their order, and touch their rows', () => {
    const entries = [
      note(5, 'b', 'own'),
      entry(6, 'project.forked', {}, { copies: [note(1, 'a', 'one'), note(2, 'a', 'two')] }),
      note(7, 'a', 'three'),
    ];
    expect(fold(entries)).toEqual({ rows: { b: ['own'], a: ['one', 'two', 'three'] }, obstacle: null });
    expect(touchedIds(notes, entries).sort()).toEqual(['a', 'b']);
  });

  it.each([
    ['cannot be folded', note(2, 'a', 'broken'), 'fold'],
    ['cannot be read', unreadable(2), 'unreadable_event'],
  ])('are folded all or not at all: one %s', (_, broken, cause) => {
    const forked = entry(6, 'project.forked', {}, { copies: [note(1, 'a', 'one'), note(3, 'b', 'more'), broken] });
    const { rows, obstacle } = fold([note(5, 'b', 'own'), forked]);
    expect(rows).toEqual({ b: ['own'] });
    expect(obstacle).toMatchObject({ entry: forked, cause });
  });

  it('are skipped with it', () => {
    expect(fold([entry(6, 'project.forked', {}, { copies: [note(1, 'a', 'one')] })], ['6'])).toEqual({ rows: {}, obstacle: null });
  });
});
