const WIDTH = 118;

/** A line of a test as a formatter would lay it out: a call that is too long has one argument on each line. */
export function layOut(line: string): string[] {
  const [, indent = '', head = '', rest = ''] = /^(\s*)((?:const \w+ = )?(?:await )?[\w.]+\()(.*)\);$/.exec(line) ?? [];
  const parts = line.length <= WIDTH || head === '' ? null : argumentsOf(rest);
  return parts ? [indent + head, ...parts.flatMap((part) => layOut(`${indent}  ${part},`)), `${indent});`] : [line];
}

/** The arguments of a call; null where the text is not the inside of one call. */
function argumentsOf(text: string): string[] | null {
  const parts: string[] = [];
  let depth = 0;
  let quotes = '';
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quotes !== '') {
      if (character === '\\') at += 1;
      else if (character === quotes) quotes = '';
    } else if ('\'"`'.includes(character)) quotes = character;
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
    if (depth < 0) return null;
  }
  parts.push(text.slice(start).trim());
  return parts.length > 1 ? parts : null;
}
