import { parseArguments, serverUrl, UsageError } from './arguments.js';

const PROJECT = '0f4bd5a6-1d7a-4f0c-9a52-3b8b6c1d2e3f';

it('reads a build with all its options', () => {
  const argv = [
    'build',
    'A tool library',
    '--yes',
    '--out',
    'zips',
    '--engine',
    'claude',
    '--autonomy',
    'manual',
    '--url',
    'http://localhost:3000/',
    '--name',
    'Tools',
    '--api-key',
    'k',
  ];
  expect(parseArguments(argv)).toEqual({
    name: 'build',
    idea: 'A tool library',
    yes: true,
    out: 'zips',
    autonomy: 'manual',
    engine: 'claude',
    url: 'http://localhost:3000',
    projectName: 'Tools',
    apiKey: 'k',
  });
});

it('takes an idea without quotes', () => {
  expect(parseArguments(['build', 'A', 'tool', 'library', '-y'])).toMatchObject({
    idea: 'A tool library',
    yes: true,
    out: undefined,
    autonomy: undefined,
    engine: undefined,
  });
});

it.each([[[]], [['--help']], [['build', '--help']], [['projects', '-h']]])('shows its help for %j', (argv) => {
  expect(parseArguments(argv)).toEqual({ name: 'help' });
});

it('compares two positions of a project', () => {
  const expected = { name: 'diff', projectId: PROJECT, from: '3', to: '17', url: undefined, apiKey: undefined };
  expect(parseArguments(['diff', PROJECT, '--from', '3', '--to', '17'])).toEqual(expected);
  expect(parseArguments(['diff', PROJECT, '--from', '3'])).toEqual({ ...expected, to: undefined });
});

it('lists projects and continues one', () => {
  expect(parseArguments(['status'])).toMatchObject({ name: 'projects' });
  expect(parseArguments(['continue', PROJECT, '--yes'])).toMatchObject({ name: 'continue', projectId: PROJECT, yes: true });
});

it('forks a project', () => {
  const where = { name: 'fork', projectId: PROJECT };
  expect(parseArguments(['fork', PROJECT, '-y'])).toMatchObject({ ...where, position: undefined, projectName: undefined, yes: true });
  expect(parseArguments(['fork', PROJECT, '--at', '17', '--name', 'Again'])).toMatchObject({ ...where, position: '17', projectName: 'Again' });
});

it('takes what a person wants with all that is theirs', () => {
  expect(parseArguments(['me', 'export', 'mine.zip'])).toEqual({ name: 'me export', file: 'mine.zip', url: undefined, apiKey: undefined });
  expect(parseArguments(['me', 'erase', '--api-key', 'k'])).toEqual({ name: 'me erase', url: undefined, apiKey: 'k' });
  for (const wrong of [['me'], ['me', 'export'], ['me', 'export', 'a', 'b'], ['me', 'erase', 'now']])
    expect(() => parseArguments(wrong)).toThrow(UsageError);
});

it('copies a log', () => {
  expect(parseArguments(['log', 'copy', '--from', 'embedded', '--to', 'esdb://a'])).toEqual({ name: 'log copy', from: 'embedded', to: 'esdb://a' });
});

it('takes what an operator asks of the projections', () => {
  const rest = { position: undefined, reason: undefined, url: undefined };
  expect(parseArguments(['projections'])).toEqual({ ...rest, name: 'projections', action: 'list', projection: '' });
  expect(parseArguments(['projections', 'rebuild', 'read:tasks'])).toEqual({
    ...rest,
    name: 'projections',
    action: 'rebuild',
    projection: 'read:tasks',
  });
  expect(parseArguments(['projections', 'skip', 'read:tasks', '--position', '17', '--reason', 'made by hand'])).toMatchObject({
    action: 'skip',
    position: '17',
    reason: 'made by hand',
  });
});

it.each([
  ['a projection without a name', ['projections', 'retry'], 'Name the one projection'],
  ['an unknown action', ['projections', 'drop', 'read:tasks'], 'list, retry, skip or rebuild'],
  ['a skip without a position', ['projections', 'skip', 'read:tasks', '--reason', 'x'], '--position'],
  ['a skip of no position', ['projections', 'skip', 'read:tasks', '--position', 'last', '--reason', 'x'], '--position'],
  ['a skip without a reason', ['projections', 'skip', 'read:tasks', '--position', '17'], '--reason'],
  ['a position to rebuild', ['projections', 'rebuild', 'read:tasks', '--position', '17'], '--position'],
  ['a copy to nowhere', ['log', 'copy', '--from', 'embedded'], 'both --from and --to'],
  ['nothing to do with the log', ['log', '--from', 'a', '--to', 'b'], 'log copy --from URL --to URL'],
  ['no idea', ['build'], 'Say what is to be built'],
  ['an empty idea', ['build', '  '], 'Say what is to be built'],
  ['an idea too long', ['build', 'x'.repeat(20_001)], 'at most 20000'],
  ['an unknown option', ['build', 'x', '--fast'], "Unknown option '--fast'; --help lists the options."],
  ['an option without its value', ['build', 'x', '--out'], '--out'],
  ['an unknown engine', ['build', 'x', '--engine', 'gut'], 'template, claude'],
  ['an unknown autonomy', ['build', 'x', '--autonomy', 'some'], 'manual, plan, full'],
  ['an empty name', ['build', 'x', '--name', ' '], '--name'],
  ['an empty folder', ['build', 'x', '--out', ''], '--out'],
  ['an address that is none', ['projects', '--url', 'localhost:3000'], '--url'],
  ['an unknown command', ['bild', 'x'], 'no command "bild"'],
  ['a project that is no id', ['continue', '7'], 'no project id'],
  ['no project to fork', ['fork'], 'Name the one project to fork'],
  ['a fork at no position', ['fork', PROJECT, '--at', 'yesterday'], '--at takes a position'],
  ['a fork of an empty name', ['fork', PROJECT, '--name', ' '], '--name'],
  ['a difference from nowhere', ['diff', PROJECT], '--from'],
  ['a difference of no project', ['diff', '--from', '1'], 'Name the one project'],
  ['a difference up to no position', ['diff', PROJECT, '--from', '1', '--to', 'x'], '--to takes a position'],
  ['no project to continue', ['continue'], 'Name the one project'],
  ['an idea where none is taken', ['projects', 'x'], 'takes no "x"'],
])('refuses %s in one sentence', (_, argv, part) => {
  const refuse = (): unknown => parseArguments(argv);
  expect(refuse).toThrow(UsageError);
  expect(refuse).toThrow(part);
  expect(refuse).not.toThrow('\n');
});

it('keeps the path of an address', () => {
  expect(serverUrl('https://example.org/countersign/?x=1', '--url')).toBe('https://example.org/countersign');
});
