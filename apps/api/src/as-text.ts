const INDENT = '  ';
/** Longer values are data, not text: a picture in an address. */
const LONGEST = 5_000;

/** A JSON value as lines that a person can read and that can be compared: a line for each text, deeper levels indented. */
export function asText(value: unknown): string {
  return `${linesOf(value, '').join('\n')}\n`;
}

function linesOf(value: unknown, indent: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((one) => {
      const [first = '', ...more] = linesOf(one, `${indent}${INDENT}`);
      return [`${indent}- ${first.trimStart()}`, ...more];
    });
  }
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, one]) => {
      const lines = linesOf(one, `${indent}${INDENT}`);
      const isPlain = one === null || typeof one !== 'object';
      return isPlain && lines.length === 1 ? [`${indent}${key}: ${lines[0]!.trimStart()}`] : [`${indent}${key}:`, ...lines];
    });
  }
  if (typeof value === 'string' && value.length > LONGEST) return [`${indent}(${value.length} characters)`];
  return String(value)
    .split('\n')
    .map((line) => `${indent}${line}`);
}
