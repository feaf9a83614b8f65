/*
 * Pieces of JavaScript, laid out as a formatter would: on one line where it fits, otherwise one part per line.
 */

export const WIDTH = 120;

/** A string literal with the quotation marks that need fewer backslashes. */
export function quote(text: string): string {
  const singles = text.split("'").length;
  const doubles = text.split('"').length;
  const mark = singles > doubles ? '"' : "'";
  const body = text.replace(/\\/g, '\\\\').replaceAll(mark, `\\${mark}`).replace(/\n/g, '\\n').replace(/\r/g, '\\r');
  return `${mark}${body}${mark}`;
}

/** Every line after the first, further to the right. */
export const indent = (text: string, by = 2): string => text.replace(/\n(?=.)/g, `\n${' '.repeat(by)}`);

/**
 * `{ a: 1, b: 2 }`; `used` is how many characters of the line stand before and after it, `depth` how far the line that it
 * begins on is indented.
 */
export function object(entries: readonly (readonly [string, string])[], used = 0, depth = 0): string {
  const entry = ([name, value]: readonly [string, string], tight: boolean): string => {
    if (name === value) return name;
    const long = depth + 2 + name.length + 2 + value.length + 1 > WIDTH;
    return tight && long && /^['"]/.test(value) ? `${name}:\n  ${value}` : `${name}: ${value}`;
  };
  const line = entries.map((one) => entry(one, false));
  return fits(line, used + 4)
    ? `{ ${line.join(', ')} }`
    : block(
        '{',
        entries.map((one) => entry(one, true)),
        '}',
      );
}

/** `[a, b]`, likewise. */
export const array = (items: readonly string[], used = 0): string =>
  items.length === 0 || fits(items, used + 2) ? `[${items.join(', ')}]` : block('[', items, ']');

const fits = (items: readonly string[], used: number): boolean => {
  const line = items.join(', ');
  return !line.includes('\n') && used + line.length <= WIDTH;
};

const block = (open: string, items: readonly string[], close: string): string =>
  `${open}\n${items.map((item) => `  ${indent(item)},\n`).join('')}${close}`;

/** Terms that all have to hold, after `start`; further lines are indented by `by`. */
export function conjunction(start: string, terms: readonly string[], by: number): string {
  const line = `${start} ${terms.join(' && ')};`;
  if (line.length <= WIDTH) return line;
  const below = `${' '.repeat(by)}${terms.join(' && ')};`;
  if (below.length <= WIDTH) return `${start}\n${below}`;
  return `${start}\n${terms.map((term) => `${' '.repeat(by)}${term}`).join(' &&\n')};`;
}

/** A condition that returns at once: `if (a || b) return undefined;` */
export function leaveIf(terms: readonly string[], answer: 'undefined' | 'null' = 'undefined'): string {
  const test = `  if (${terms.join(' || ')})`;
  const leave = `return ${answer};`;
  if (test.length + 1 + leave.length <= WIDTH) return `${test} ${leave}`;
  if (test.length <= WIDTH) return `${test}\n    ${leave}`;
  return `  if (\n${terms.map((term) => `    ${term}`).join(' ||\n')}\n  )\n    ${leave}`;
}

/** The words in front of a function or constant. */
export function docComment(text: string): string {
  const safe = text.replace(/\*\//g, '* /').replace(/\s+/g, ' ').trim();
  if (safe.length + 7 <= WIDTH) return `/** ${safe} */`;
  return `/**\n${wrap(safe, WIDTH - 3)
    .map((line) => ` * ${line}`)
    .join('\n')}\n */`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** `import { a, b } from 'c';` */
export function importLine(names: readonly string[], from: string): string {
  const line = `import { ${names.join(', ')} } from '${from}';`;
  return line.length <= WIDTH ? line : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from '${from}';`;
}
