import { remembered } from '../remembered.js';

/*
 * Words by what they have in common: "adoptions", "adopted" and "adopting" share the root `adopt`, "paid" and "payments" `pay`.
 * Roots are only ever compared with each other.
 */

const IRREGULAR: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'pay:paid sell:sold,sale,sales lend:lent send:sent give:given,gave break:broken,broke lose:lost,loss take:taken,took do:done,did ' +
    'find:found bring:brought buy:bought keep:kept leave:left,leaver hold:held make:made teach:taught write:written,wrote see:seen,saw ' +
    'choose:chosen,chose drive:driven,drove hide:hidden speak:spoken spend:spent build:built feed:fed meet:met read:read win:won ' +
    'catch:caught get:got,gotten go:gone,went come:came eat:eaten,ate fall:fallen,fell grow:grown,grew know:known run:ran,running ' +
    'sign:signature cancel:cancelled,canceled,cancellation repair:repairs borrow:borrower owe:owing,owed return:back,returned collect:collection'
  )
    .split(' ')
    .flatMap((line) => {
      const [root = '', forms = ''] = line.split(':');
      return forms.split(',').map((form) => [form, root]);
    }),
);

/** Words that tell nothing of their own in the name of a state or a field. */
const DULL = new Set(
  'a an the of on in at to for is are was were be been being has have had it its they their we i he she that which who and or date time day when whether if by with from as'.split(
    ' ',
  ),
);

/** What the forms of a word have in common. */
export const rootOf = remembered(10_000, (word: string): string => {
  const low = word.toLowerCase().replace(/'s?$/, '');
  return cut(IRREGULAR[low] ?? low.replace(/^re-/, 're'));
});

function cut(low: string): string {
  const bare = low.replace(/(?:ies|ied)$/, 'y');
  if (bare !== low) return bare.length > 3 ? bare : low;
  const one = low.replace(/(?<=[^su])s$/, '').replace(/(?<=(?:ch|sh|x|ss|z))e$/, '');
  const cutOff = one.length > 5 ? one.replace(/(?:ations?|ions?|ments?|ings?|eds?|als?|ances?)$/, '') : one.replace(/(?<=\w{3})(?:ing|ed)$/, '');
  const base = cutOff.length >= 3 ? cutOff : one;
  return base.replace(/([bdgklmnprt])\1$/, '$1').replace(/(?<=\w{3})e$/, '');
}

/** The telling words of a name, as roots: `picked up by` -> pick, up. */
export const rootsIn = (words: string): string[] => {
  const all = (words.toLowerCase().match(/[a-z][a-z'-]*/g) ?? []).filter((one) => !DULL.has(one));
  return all.flatMap((one) => one.split('-')).map(rootOf);
};
