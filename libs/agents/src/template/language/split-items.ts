import { soundsLikeField, typeOfWord } from './field-words.js';
import { saysNoField } from './item-rules.js';

/*
 * A list of fields taken apart: commas inside of parentheses and of "either, or" cut nothing.
 */

/** Splits a list of fields and keeps together what belongs together. */
export function splitItems(written: string): string[] {
  const list = written
    .replace(/\b([a-z]+(?: [a-z]+)?) = ([\w -]+(?: ?\/ ?[\w -]+)+)(?=,|;|$)/gi, '$1 ($2)')
    .replace(/(?:,|\b) ?(and|or), (?:after|before|once|when|if|for|in|at|later|afterwards|sometimes|perhaps|maybe)\b[^,()]{0,30}, /gi, ' $1 ')
    .replace(/\bname (?=(?:phone|email)\b)|\b(?<!-)(?:phone|email) (?=(?:what|when|who|which) )/gi, (word) => `${word.trim()}, `)
    .replace(/ ((?:like|such as|for example) [a-z]+(?:, (?!and\b)[a-z]+)+)(?=,? and (?:how|the|an?|when|who|whether|which|what)\b)/gi, ' ($1)')
    .replace(/\)\s+(?=(?:how|which|what|when|where|who|whether|the|an?)\b)/gi, '), ')
    .replace(/\b([\w-]+(?: [\w-]+)?):\s*([\w -]+(?:,\s*(?!and )[\w -]+)*,?\s+or\s+[\w -]+?)(?=,|;|$|\s+and an? )/gi, '$1 ($2)')
    .replace(/\b([\w-]+):\s*([\w -]+(?:\/[\w -]+)+)/gi, '$1 ($2)')
    .replace(
      /\b([a-z]+),? (?:which|that) (?:is|can be|may be) (?:either )?((?!an?\b|the\b|not\b|never\b)[a-z-]+(?: [a-z-]+)?(?:, (?!and)[a-z-]+(?: [a-z-]+)?)*,? or (?!an?\b)[a-z-]+)(?=,|;|$|\s+and an? )/gi,
      '$1 ($2)',
    )
    .replace(/\b([a-z]+) [-–—] ([a-z ]+(?: \/ [a-z ]+)+)/gi, '$1 ($2)')
    .replace(
      /^(.*?)\b([\w -]+?)\s*(?::|=|, (?:which|that) (?:is|can be|may be)(?! (?:an?|the|not|never|always|unique|optional|required|any)\b)|\b(?:is )?(?:one of|either)\b:?)\s*([^():]*(?: or |\/|,)[^():]+)$/i,
      '$1$2 ($3)',
    );
  const parts: { text: string; and: boolean }[] = [];
  const outside = list.replace(
    /\([^)]*\)|(?<![\d\w])"[^"]*"|(?<=^|[,:] |\bthe |\band )(?:date|day) (?:and|&|\+) (?:the )?(?:time|hour)\b/gi,
    (inside) => '_'.repeat(inside.length),
  );
  let from = 0;
  let and = false;
  for (const match of outside.matchAll(/\s*[,;]\s*(?:(?:and|plus|as well as|&) )?|\s+(?:and|plus|as well as|along with|&|\+)\s+/gi)) {
    parts.push({ text: list.slice(from, match.index).trim(), and });
    and = /[a-z&]/i.test(match[0]);
    from = match.index + match[0].length;
  }
  parts.push({ text: list.slice(from).trim(), and });
  return sharing(
    regrouped(
      parts.filter(
        (part) =>
          part.text !== '' &&
          !/^which (?:(?:is|are) (?:always|usually|often|never)|may|can|must|should|cannot|could|runs?|goes|has to|have to)\b/i.test(part.text),
      ),
    ),
  );
}

/** "barcode, unique": what only says more about the item before. */
const ONLY_A_RULE =
  /^(?:(?:which |that |it )?(?:is|are|must be|has to be|should be|may be|can be) )?(?:unique|required|mandatory|optional|no duplicates|never (?:empty|negative)|not negative|may be (?:empty|blank)|if (?:any|known)|format like .*|(?:>=?|<=?) ?-?\d+|in (?:kg|g|km|m|cm|mm|ml|l|euros?|dollars?|pounds?|hours|minutes|days)|no two (?:the )?same|different for (?:each|every|all)[a-z ]*)$/i;
/** "a programme, which is several pieces": the pieces. */
const SAME_AS = /^which (?:is|are|consists? of) ((?:several|many|one or more|a list of)) /i;

type Split = readonly { readonly text: string; readonly and: boolean }[];

/** "whether it's available, rented or in repair" is one item. */
function regrouped(parts: Split): { text: string; and: boolean }[] {
  const items: { text: string; and: boolean }[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at];
    const before = items.at(-1);
    if (!part) continue;
    if (before && (ONLY_A_RULE.test(part.text) || saysNoField(part.text) || SAME_AS.test(part.text))) {
      items[items.length - 1] = { ...before, text: SAME_AS.test(part.text) ? part.text.replace(SAME_AS, '$1 ') : `${before.text}, ${part.text}` };
      continue;
    }
    const opens = /^(?:whether|if it|is it|are they|either)\b/i.test(part.text) && !/ or |\)$/.test(part.text);
    const reach = opens ? parts.slice(at + 1, at + 6).findIndex((one) => / or /.test(one.text)) : -1;
    const own = reach >= 0 && parts.slice(at + 1, at + 2 + reach).every((one) => !one.and && one.text.split(' ').length <= 9);
    items.push(
      own
        ? {
            ...part,
            text: parts
              .slice(at, at + 2 + reach)
              .map((one) => one.text)
              .join(', '),
          }
        : part,
    );
    if (own) at += reach + 1;
  }
  return items;
}

const HALF =
  /^(?:an? |the )?(?:start|end|begin|finish|first|last|opening|closing|arrival|departure|pick-?up|drop-?off|min(?:imum)?|max(?:imum)?|billing|shipping|home|work|due|issue|birth|common|latin|check-in|check-out|planned|actual|sender|buying|selling|purchase|sale|net|gross|front|back|left|right|from|to)$/i;

/** "a start and an end time" is a start time and an end time; "sleeve and vinyl condition (good, poor)" share their values. */
function sharing(parts: Split): string[] {
  return parts.map((part, at) => {
    const next = parts[at + 1];
    const bought = /^when (?:i|we) ([a-z]+)\b/i.exec(parts[at - 1]?.text ?? '')?.[1];
    if (/^where$/i.test(part.text) && bought !== undefined) return `${bought} at`;
    if (!next?.and) return part.text;
    const [, head = '', values = ''] = / ([a-z]+)((?: \([^)]*\))?)$/i.exec(next.text) ?? [];
    if (head !== '' && /^(?:an? |the )?start$/i.test(part.text)) return typeOfWord(head) ? `${part.text} (${head})` : part.text;
    if (head !== '' && HALF.test(part.text) && soundsLikeField(head)) return `${part.text} ${head}`;
    const alike = values !== '' && part.text.toLowerCase().endsWith(` ${head.toLowerCase()}`) && values.includes(',');
    return alike ? `${part.text}${values}` : part.text;
  });
}
