/**
 * Template tag for the text of a source file: everything stays as it is written, backslashes too; only a backtick and
 * a dollar sign before a brace carry a backslash of their own.
 */
export const source = (strings: TemplateStringsArray): string => (strings.raw[0] ?? '').replaceAll('\\`', '`').replaceAll('\\${', '${');

/** Keeps the lines between `//#if sign_in`, `//#else` and `//#endif` that apply. */
export function withFeatures(text: string, features: { readonly sign_in: boolean }): string {
  const kept: string[] = [];
  let keep = true;
  for (const line of text.split('\n')) {
    const mark = /^\s*\/\/#(if sign_in|else|endif)$/.exec(line)?.[1];
    if (mark === undefined) {
      if (keep) kept.push(line);
    } else keep = mark === 'endif' || (mark === 'else' ? !keep : features.sign_in);
  }
  return kept.join('\n');
}
