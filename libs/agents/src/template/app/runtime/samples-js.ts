import { source } from '../source.js';

/** End of src/samples.js: adding and removing the sample records, which stand above. */
export const samplesJs = source`
const MARK = '$sample';
const MOST_TRIES = 8;

export const hasSamples = (records) => records.store.all(MARK).length > 0;

/** Adds the sample records, all in one step. */
export function addSamples(records) {
  const { store } = records;
  store.transaction(() => {
    const added = new Map();
    for (const { kind: name, steps = [], ...sample } of samples) {
      const kind = kindNamed(name);
      const ids = added.get(name) ?? [];
      added.set(name, ids);
      const record = addSample(records, kind, sample, added);
      if (!record) continue;
      ids.push(record.id);
      store.put(MARK, { id: \`\${name} \${record.id}\`, kind: name, record: record.id });
      takeSteps(records, kind, record, steps); //@states
    }
  });
}

/** Where a rule refuses a sample, it is tried with links to the records after those; then it is left out. */
function addSample(records, kind, sample, added) {
  for (let shift = 0; shift < MOST_TRIES; shift += 1) {
    const record = unlessRefused(() => records.add(kind, { ...sample, ...linksOf(kind, sample, added, shift) }));
    if (record) return record;
  }
  return undefined;
}
//#if states

function takeSteps(records, kind, record, steps) {
  for (const state of steps) {
    const next = { ...records.find(kind, record.id), [kind.states.field]: state };
    if (!unlessRefused(() => records.change(kind, record.id, next))) return;
  }
}
//#endif

function unlessRefused(run) {
  try {
    return run();
  } catch (error) {
    if (error instanceof Problem && error.status !== 403) return undefined;
    throw error;
  }
}

/** In a sample a link is the place of another sample in its list, from 1. */
function linksOf(kind, sample, added, shift) {
  const idAt = (field, place) => {
    const ids = added.get(field.target) ?? [];
    return ids[(place - 1 + shift) % ids.length] ?? null;
  };
  const links = kind.fields.filter((field) => field.target && sample[field.name] !== undefined);
  return Object.fromEntries(
    links.map((field) => {
      const place = sample[field.name];
      return [
        field.name,
        Array.isArray(place) ? place.map((one) => idAt(field, one)).filter(Boolean) : idAt(field, place),
      ];
    }),
  );
}

/** Removes the sample records, all but those that other records link to by now. */
export function removeSamples({ store }) {
  const inUse = ({ kind: name, record }) =>
    linksTo(kindNamed(name)).some(({ from, field }) =>
      store
        .all(from.name)
        .some((other) => [other[field.name]].flat().includes(record) && !store.get(MARK, \`\${from.name} \${other.id}\`)),
    );
  store.transaction(() => {
    for (const mark of store.all(MARK).reverse()) {
      if (!inUse(mark)) store.remove(mark.kind, mark.record);
      store.remove(MARK, mark.id);
    }
  });
}
`;

/** scripts/seed.js: the sample records from a terminal. */
export const seedJs = source`import { dataFile, loadSettings } from '../src/settings.js';
import { FIRST_ROLE } from '../src/access.js'; //@roles
import { openRecords } from '../src/repository.js';
import { addSamples, hasSamples } from '../src/samples.js';
import { openStore } from '../src/store.js';

/* Adds the sample records, unless they are there already. The app must not be running: it keeps the data in memory. */

const { host, port } = loadSettings();
const running = await fetch(\`http://\${host === '0.0.0.0' ? '127.0.0.1' : host}:\${port}/healthz\`).then(
  (answer) => answer.ok,
  () => false,
);
if (running) {
  console.error('The app is running. Use the button on its overview, or stop it first.');
  process.exit(1);
}
const store = openStore(dataFile());
//#if sign_in
const account = store.all('$account')[0] ?? { email: 'samples@example.org', role: FIRST_ROLE }; //@roles
const account = store.all('$account')[0] ?? { email: 'samples@example.org' }; //@!roles
const records = openRecords(store, account);
//#else
const records = openRecords(store);
//#endif
if (hasSamples(records)) console.log('The sample records are there already.');
else {
  addSamples(records);
  console.log('Added the sample records. Start the app with: npm start');
}
store.close();
`;
