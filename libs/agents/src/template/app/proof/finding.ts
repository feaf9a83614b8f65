import type { Entity, Field } from '#contracts';
import { apiPath, fieldOf, isFresh, printFigure, quote } from './figures.js';
import type { Sample } from './figures.js';
import { Impossible, idOf, pathOf } from './scenario.js';
import type { Scenario } from './scenario.js';
import { inputsOf } from './linked.js';
import { isEmpty, links } from './world.js';

const SORTABLE: readonly Field['type'][] = ['text', 'integer', 'number', 'money', 'rating', 'date', 'datetime', 'time'];

/** Search, filter and order of the list of a kind of record, each by the first field that it can be shown with. */
export function proveFinding(test: Scenario, entity: Entity): void {
  const state = entity.lifecycle?.field;
  const fields = entity.fields.filter((field) => field.name !== state);
  const items = (query: string): string => `ids(await app.api('GET', ${query}))`;
  const ids = (samples: readonly Sample[]): string => `[${samples.map(idOf).join(', ')}]`;
  const all = (): Sample[] => test.world.of(entity);
  test.say('const ids = (answer) => answer.json.items.map(({ id }) => id);');
  const path = apiPath(entity);
  const differs = (field: Field, from: Sample) => ({
    fields: inputsOf(test.schema, entity, field.name),
    test: (one: Sample) => !isEmpty(one.values[field.name]) && !isFresh(one.values[field.name]) && one.values[field.name] !== from.values[field.name],
  });
  let proven = 0;
  for (const field of fields.filter((one) => SORTABLE.includes(one.type)))
    if (
      proven === 0 &&
      test.attempt(() => {
        const words = field.type === 'text' ? ['Birch', 'Alder'] : [null, null];
        const given = { fields: [field.name], test: (one: Sample) => !isEmpty(one.values[field.name]) && !isFresh(one.values[field.name]) };
        const first = test.add(entity, words[0] ? { fixed: { [field.name]: words[0] } } : { demands: [given] }, 'first');
        const second = test.add(entity, words[1] ? { fixed: { [field.name]: words[1] } } : { demands: [differs(field, first)] }, 'second');
        const [a, b] = [first.values[field.name] ?? 0, second.values[field.name] ?? 0];
        const order = a < b ? [first, second] : [second, first];
        if (all().length > 2) throw new Impossible(entity.name);
        test.say(`assert.deepEqual(${items(quote(`${path}?sort=${field.name}`))}, ${ids(order)});`);
        test.say(`assert.deepEqual(${items(quote(`${path}?sort=-${field.name}`))}, ${ids([...order].reverse())});`);
      })
    )
      proven += 1;
  let filtered = false;
  for (const field of fields.filter((one) => ['choice', 'boolean', 'reference', 'date'].includes(one.type)))
    if (
      !filtered &&
      test.attempt(() => {
        const one = all()[0] ?? test.add(entity, {}, 'first');
        const other = {
          fields: [field.name],
          test: (sample: Sample) => !isEmpty(sample.values[field.name]) && sample.values[field.name] !== one.values[field.name],
        };
        const found = test.add(entity, { demands: [other] }, 'found');
        const value = found.values[field.name] ?? null;
        const [link] = links(value);
        const wanted =
          link && 'entity' in link
            ? `\${${idOf(link)}}`
            : typeof value === 'boolean'
              ? String(value)
              : typeof value === 'string'
                ? encodeURIComponent(value)
                : `\${${printFigure(field, value)}}`;
        const matching = all().filter((sample) => sample.values[field.name] === value);
        if (matching.length > 1) throw new Impossible(field.name);
        test.say(`assert.deepEqual(${items(`\`${path}?${field.name}=${wanted}\``)}, ${ids(matching)});`);
      })
    )
      filtered = true;
  const text = fields.find((one) => one.type === 'text' || one.type === 'long_text');
  const searched =
    text !== undefined &&
    test.attempt(() => {
      const needle = test.add(entity, { fixed: { [text.name]: 'Needle in a haystack' } }, 'needle');
      test.say(`assert.deepEqual(${items(quote(`${path}?q=needle+hay`))}, ${ids([needle])});`);
    });
  if (proven === 0 && !filtered && !searched) {
    const sample = test.add(entity, {}, 'first');
    test.say(
      `assert.deepEqual(${items(quote(`${path}?sort=-id`))}, ${ids([sample])});`,
      `assert.deepEqual(${items(quote(`${path}?q=no+such+words`))}, []);`,
    );
  }
}

/** A record goes out as a file and comes back from it; where one line is wrong none comes back. */
export function proveExchange(test: Scenario, entity: Entity): void {
  const path = apiPath(entity);
  const record = test.add(
    entity,
    { open: true, ...(entity.lifecycle && { path: [fieldOf(entity, entity.lifecycle.field)?.choices[0] ?? ''] }) },
    'record',
  );
  const required = entity.fields.find(
    (field) =>
      field.required &&
      field.type !== 'boolean' &&
      field.name !== entity.lifecycle?.field &&
      !entity.defaults.some((one) => one.field === field.name),
  );
  test.say(
    `const csv = await app.page(${quote(`${path}.csv`)});`,
    "assert.match(csv.headers.get('content-type'), /^text\\/csv/);",
    `assert.deepEqual((await app.api('GET', ${quote(`${path}.json`)})).json, (await app.api('GET', ${quote(path)})).json.items);`,
    `assert.equal((await app.api('DELETE', ${pathOf(record)})).status, 204);`,
    `const take = (body) => app.send('POST', ${quote(`${path}/import`)}, { body, type: 'text/csv' });`,
  );
  if (required)
    test.say(
      "const [head] = csv.text.split('\\r\\n');",
      "const wrong = await take(`${csv.text}2${','.repeat(head.split(',').length - 1)}\\r\\n`);",
      'assert.equal(wrong.status, 400);',
      'assert.deepEqual(wrong.json.lines.map(({ line }) => line), [3]);',
      `assert.equal((await app.api('GET', ${quote(path)})).json.total, 0);`,
    );
  const names = entity.fields.map((field) => quote(field.name)).join(', ');
  test.say(
    'assert.deepEqual((await take(csv.text)).json, { added: 1 });',
    `const [again] = (await app.api('GET', ${quote(path)})).json.items;`,
    `for (const name of [${names}]) assert.deepEqual(again[name], record[name], name);`,
  );
}
