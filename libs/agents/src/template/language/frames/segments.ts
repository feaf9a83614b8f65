/*
 * Cutting a statement into parts that can each set a rule: at commas, dashes and conjunctions before words with a verb of their
 * own, without the reasons that people add ("..., because the minibus has twelve seats").
 */

const CUT = /\s*[;]\s+|\s+[-–—]+\s+|\s*,\s+(?:(?:and|but|so|nor|or|also)\s+)?|\s+(?:and|but|so|nor)\s+/gi;
const VERB =
  /\b(?:is|are|was|were|has|have|had|can|could|may|might|must|should|shall|will|would|cannot|needs?|gets?|goes|go|comes?|does|do|did|never|not|no|nor|nobody|nothing|max|min|maximum|minimum|at most|at least|up to|tops|without|only)\b|\b(?:is|are|ca|do|does|did|has|have|wo|must|should|could|would)n['’]?t\b|'s\b|\w+ed\b/i;
const REASON =
  /[,;]?\s*(?:[-–—]\s*)?\(?\b(?:because|bc|cos|cause|coz|as otherwise|otherwise|for fear|since (?=we|it|that|they)|although|though(?! not)|even if|which (?:is|was|has|would) |that's (?:how|why|what)|it's (?:the law|happened)|we (?:had|tried|lost|got)|as (?:we|they|it|i|he|she|that|this) )\b.*$/i;
/** A condition that stands in front belongs to what follows it. */
const OPEN =
  /^(?:and |but |so )?(?:if|when(?:ever)?|once|unless|until|before|after|as long as|as soon as|while|where|for|with|without|in case|from|on|in|at|of)\b[^,]*$/i;
const BOUND_BEHIND =
  /^(?:(?:and|but|so) )?(?:if|when|whenever|unless|until|till|once|while|as long as|before|after|where|who|which|whose|that|without|provided|except|even|either|then|or)\b/i;

/** A statement without the reason that is given for it. */
export const withoutReason = (text: string): string => {
  const cut = text.replace(REASON, '').trim();
  return cut.split(' ').length >= 3 ? cut : text;
};

/** The parts of a statement, each with a verb or a bound of its own; the statement itself where it is short or cannot be cut. */
export function segmentsOf(text: string): string[] {
  const plain = withoutReason(text.trim());
  const outside = plain.replace(/\([^()]*\)|"[^"]*"/g, (inside) => '_'.repeat(inside.length));
  const pieces: { said: string; cut: string }[] = [];
  let from = 0;
  let before = '';
  for (const cut of outside.matchAll(CUT)) {
    pieces.push({ said: plain.slice(from, cut.index), cut: before });
    before = cut[0];
    from = cut.index + cut[0].length;
  }
  pieces.push({ said: plain.slice(from), cut: before });
  const parts: string[] = [];
  for (const { said, cut } of pieces) {
    const last = parts.at(-1);
    const joins =
      last !== undefined && (!VERB.test(said) || !VERB.test(last) || OPEN.test(last) || BOUND_BEHIND.test(said) || said.split(' ').length < 3);
    if (joins) parts[parts.length - 1] = `${last}${cut}${said}`;
    else parts.push(said);
  }
  return parts.filter((one) => one.trim() !== '');
}

/** The items of a list of fields ("code + copy number (pair unique)"), each with what is said of it; none where it is no such list. */
export function itemsOf(text: string): string[] {
  const outside = text.replace(/\([^()]*\)/g, (inside) => '_'.repeat(inside.length));
  if (outside.split(',').length < 4) return [];
  const items: string[] = [];
  let from = /^[^:,=]{2,40}[:=]\s+/.exec(outside)?.[0].length ?? 0;
  for (const cut of outside.matchAll(/,\s+(?:and\s+)?|\s+and\s+/g)) {
    if (cut.index < from) continue;
    items.push(text.slice(from, cut.index));
    from = cut.index + cut[0].length;
  }
  items.push(text.slice(from));
  return items.map((one) => one.trim()).filter((one) => one !== '');
}
