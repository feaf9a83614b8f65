/**
 * Template tag for the text of a source file: everything stays as it is written, backslashes too; only a backtick and
 * a dollar sign before a brace carry a backslash of their own.
 */
export const source = (strings: TemplateStringsArray): string => (strings.raw[0] ?? '').replaceAll('\\`', '`').replaceAll('\\${', '${');

/** What an app has beyond records and pages; what it does not have leaves no line in its sources. */
export interface Features {
  /** People sign in. */
  readonly sign_in: boolean;
  /** Accounts differ in what they may do. */
  readonly access: boolean;
  readonly roles: boolean;
  /** Some records move from state to state. */
  readonly states: boolean;
  /** Something is worked out for each of some records. */
  readonly values: boolean;
  /** Some fields have a value to begin with. */
  readonly defaults: boolean;
  /** Some records can no longer be changed or deleted. */
  readonly locks: boolean;
  readonly lists: boolean;
  readonly totals: boolean;
}

const BLOCK = /^\s*\/\/#(?:if (!?)([\w|]+)|(else|endif))$/;
const LINE = /^(.*?) \/\/@([!&|\w]+)$/;

/**
 * Keeps the lines between `//#if name`, `//#if !name`, `//#else` and `//#endif` that apply; they may be nested. A line
 * that ends in `//@name` or `//@!name` is kept or left out by itself. `one|other` asks for one of two features,
 * `one&!other` for the first without the second.
 */
export function withFeatures(text: string, features: Features): string {
  const kept: string[] = [];
  const open: boolean[] = [];
  const has = (names: string, not: string): boolean => names.split('|').some((name) => features[name as keyof Features]) !== (not === '!');
  for (const line of text.split('\n')) {
    const [mark, not = '', name, other] = BLOCK.exec(line) ?? [];
    if (mark !== undefined) {
      if (name !== undefined) open.push(has(name, not));
      else {
        const was = open.pop() ?? true;
        if (other === 'else') open.push(!was);
      }
    } else if (open.every(Boolean)) {
      const [, content = line, marks] = LINE.exec(line) ?? [];
      if (marks === undefined || marks.split('&').every((one) => has(one.replace('!', ''), one.charAt(0)))) kept.push(content);
    }
  }
  return kept.join('\n');
}
