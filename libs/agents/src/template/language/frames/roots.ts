import { remembered } from '../remembered.js';
import { stem } from '../rule-words.js';

/*
 * Words brought to what they have in common, so that "it came back", "returned" and "date of return" are heard as the same, and
 * "heavy", "kilos" and "weighs" as a weight. A word may have several roots: "check out" of a hotel is leaving, of a tool lending.
 */

/** A root with where its word stands in the text. */
export interface Root {
  readonly root: string;
  readonly at: number;
  readonly end: number;
}

const GROUPS: Readonly<Record<string, string>> = {
  start: 'start started starts begin begins began begun beginning from commences opening kickoff',
  end: 'end ends ended ending finish finishes finished until till over complete completed done',
  return: 'return returns returned returning back',
  lend: 'lend lends lent lending loan loans loaned borrow borrows borrowed issue issued out take takes took taken checkout hire hired rent rented',
  arrive: 'arrive arrives arrived arrival arriving come comes came checkin in',
  depart: 'depart departs departed departure departing leave leaves left leaving go goes gone went checkout',
  buy: 'buy buys bought purchase purchased acquired',
  sell: 'sell sells sold sale selling',
  pay: 'pay pays paid payment paying',
  price: 'price prices cost costs charge charges charged fee fees',
  weight: 'weight weigh weighs weighed heavy heavier kilo kilos kg lbs pounds tonnes',
  length: 'length long longer lengths',
  height: 'height tall taller high higher',
  width: 'width wide wider breadth broad broader beam',
  depth: 'depth deep deeper draught draft',
  age: 'age aged old older ages younger',
  size: 'size big bigger large larger',
  capacity: 'capacity seats places spots spaces holds hold fit fits accommodates takes',
  quantity: 'quantity stock amount count many qty copies pieces units left',
  maximum: 'max maximum most largest biggest highest upper limit allowed',
  minimum: 'min minimum least smallest lowest lower',
  birth: 'birth born dob birthday birthdate',
  death: 'die dies died death dead',
  repair: 'repair repaired fix fixed mend mended',
  expire: 'expire expires expired expiry expiration lapse lapsed valid',
  deliver: 'deliver delivered delivery delivers',
  collect: 'collect collected collection pickup fetched',
  plant: 'plant planted sow sown sowing planting',
  harvest: 'harvest harvested harvesting picked',
  close: 'close closed closing closes',
  open: 'open opened opens',
  due: 'due deadline',
  temperature: 'temp temperature degrees hot hotter',
  time: 'hour hours minutes duration',
  receive: 'receive received receipt',
  report: 'report reported reports',
  approve: 'approve approved approval',
  check: 'check checked inspection inspected inspect',
  send: 'send sent dispatched dispatch shipped ship shipping',
  speed: 'speed fast faster',
};

/** Words that are heard as one: with what stands between them. */
const PHRASES: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /\b(?:c[oa]mes?|coming|brought|brings?|giv(?:en?|es?)|gave|hand(?:ed|s)?|tak(?:en?|es?)|went|go(?:es)?|sen[dt]|is|are|it's)(?: (?:it|them))? back\b/gi,
    ['return', 'end'],
  ],
  [
    /\b(?:go(?:es)?|going|went|gone|giv(?:en?|es?)|gave|hand(?:ed|s)?|tak(?:en?|es?)|took|signed|lent)(?: (?:it|them))? out\b/gi,
    ['lend', 'start', 'depart'],
  ],
  [/\bcheck(?:s|ed)?[- ]?outs?\b/gi, ['lend', 'depart']],
  [/\bcheck(?:s|ed)?[- ]?ins?\b/gi, ['arrive', 'return']],
  [/\b(?:drop(?:s|ped)?|dropping)[- ]?off\b/gi, ['drop off', 'return', 'end']],
  [/\bpick(?:s|ed)?[- ]?(?:it |them )?ups?\b/gi, ['collect', 'lend', 'start']],
  [/\b(?:run(?:s|ning)?|ran) out\b|\bout of date\b/gi, ['expire']],
  [/\b(?:c[oa]mes?|coming) in\b/gi, ['arrive', 'receive', 'start']],
  [/\bmov(?:es?|ed) in\b/gi, ['arrive', 'start', 'move in']],
  [/\bmov(?:es?|ed) out\b/gi, ['depart', 'end', 'move out']],
];

const BY_WORD = new Map<string, string[]>();
for (const [root, words] of Object.entries(GROUPS)) for (const word of words.split(' ')) BY_WORD.set(word, [...(BY_WORD.get(word) ?? []), root]);

/** The roots of all words of a text, in their order. */
export const rootsOf = remembered(3_000, (text: string): readonly Root[] => {
  const low = text.toLowerCase();
  const phrases = PHRASES.flatMap(([pattern, roots]) =>
    [...low.matchAll(pattern)].flatMap((hit) => roots.map((root): Root => ({ root, at: hit.index, end: hit.index + hit[0].length }))),
  );
  const words = [...low.matchAll(/[a-z]+/g)]
    .filter((hit) => !phrases.some(({ at, end }) => hit.index >= at && hit.index < end))
    .flatMap((hit) => rootsOfWord(hit[0]).map((root): Root => ({ root, at: hit.index, end: hit.index + hit[0].length })));
  return [...phrases, ...words].sort((a, b) => a.at - b.at);
});

/** What a word has in common with others: its groups, and its own stem. */
export const rootsOfWord = (word: string): readonly string[] => [...(BY_WORD.get(word.toLowerCase()) ?? []), stem(word)];
