import { treeLines } from './causes.js';

const event = (position: string, of: string | null, relation: 'caused' | 'before' | null = of === null ? null : 'caused') => ({
  depth: 0,
  of,
  relation,
  position,
  stream: 'test-1',
  event_type: `test.${position}`,
  timestamp: '2026-01-02T03:04:05.678Z',
  actor: 'somebody',
});

describe('the tree of causes', () => {
  it('keeps single steps in one column, and indents where it branches', () => {
    const lines = treeLines([event('1', null), event('2', '1'), event('3', '2'), event('4', '3'), event('5', '3', 'before'), event('6', '4')]);
    expect(lines.map((line) => line.replace(/ {2}by .*/, ''))).toEqual([
      'test.1',
      '  - test.2',
      '  - test.3',
      '    - test.4',
      '    - test.6',
      '    ~ test.5',
    ]);
    expect(lines[0]).toBe('test.1  by somebody  at 1, 2026-01-02T03:04:05.678Z');
  });

  it('says nothing of nothing', () => {
    expect(treeLines([])).toEqual([]);
  });
});
