import nlp from 'compromise';

/*
 * The library that tags words, made quicker without changing what it answers: it looks for each of its thousand patterns in every
 * part of a sentence, and here only for those of which the sentence has a word.
 */

type Hooks = Readonly<Record<string, readonly unknown[]>>;
interface Net {
  readonly hooks: Hooks;
}
type BulkMatch = (document: unknown, net: Net, ...rest: unknown[]) => unknown;
interface Methods {
  readonly bulkMatch: BulkMatch;
  readonly cacheDoc: (document: unknown) => ReadonlySet<string>[];
}

const { bulkMatch, cacheDoc } = (nlp as unknown as { methods(): { one: Methods } }).methods().one;
/** The place of each hook, as the order decides which pattern is tried first. */
const places = new WeakMap<Hooks, ReadonlyMap<string, number>>();

const withFewHooks: BulkMatch = (document, net, ...rest) => {
  const order = places.get(net.hooks) ?? new Map(Object.keys(net.hooks).map((hook, at) => [hook, at]));
  places.set(net.hooks, order);
  const words = [...new Set(cacheDoc(document).flatMap((part) => [...part]))].filter((word) => order.has(word));
  const found = words.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return bulkMatch(document, { ...net, hooks: Object.fromEntries(found.map((word) => [word, net.hooks[word] ?? []])) }, ...rest);
};
nlp.plugin({ methods: { one: { bulkMatch: withFewHooks } } });

interface Term {
  readonly text: string;
  readonly tags: ReadonlySet<string>;
}
interface Tokenized {
  readonly document: readonly (readonly Term[])[];
  compute(steps: readonly string[]): Tokenized;
}

/** What tags words needs, without what finds phrases and the like. */
const STEPS = ['index', 'id', 'freeze', 'lexicon', 'preTagger', 'contractionTwo', 'postTagger'];

/** What the library makes of each word of the text, by the word in lower case. */
export function tagsOf(text: string): Map<string, ReadonlySet<string>> {
  const { document } = (nlp.tokenize(text) as unknown as Tokenized).compute(STEPS);
  return new Map(document.flat().map((term) => [term.text.toLowerCase(), term.tags]));
}
