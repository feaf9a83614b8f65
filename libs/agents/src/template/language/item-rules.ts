/*
 * How English says of a field that it may be empty, and that no two records have the same.
 */

const SOME_LACK =
  "(?:not (?:every(?:one|body| [a-z]+)|all|always|each)(?: (?:of them|[a-z]+s?))? ?(?:has|have|known?|pays?|gives?|there)?(?: (?:one|it|any))?|some(?: of (?:them|'em))? (?:don't|doesn't|do not|have none|haven't)(?: have)?(?: one| it| any| an? [a-z ]+)?|(?:it |this |that )?(?:may|can|might|could|has to|must) (?:also )?(?:be|stay|remain) (?:left )?(?:empty|missing|blank|unknown|out|open)\\b.*|(?:blank|empty|unknown|missing|left (?:blank|empty))(?: (?:until|while|till|at first|if|when|for|to begin)\\b.*)?)";
/** What says that a field may be empty. */
export const OPTIONAL = new RegExp(
  `[, ]*\\b(?:which (?:is |we |i )?|that is |is |are |being |but |so )?(?:${SOME_LACK}|optional(?:ly)?|not (?:required|mandatory|always (?:known|there|given)|everyone has (?:one|it))|(?:which |that )?(?:may|can|might) be (?:empty|missing|blank|unknown|left (?:out|empty|blank))|(?:if|when|where|unless) (?:any|known|unknown|available|different|applicable|needed|necessary|possible|relevant|given|present|there is (?:one|any|none)|(?:it|they|he|she|we|i|you|the [a-z]+) ?(?:is|are|has|have|had|know|knows|got|want|wants|wish|'ve|'s)\\b.*)|but (?:only )?(?:if|when|some|strays?|not)\\b.*|or (?:nothing|none|empty)|only (?:for )?[a-z]+ing [a-z ]+)(?=$|[,)])`,
  'i',
);

/** What says that no two records have the same. */
export const UNIQUE =
  /[, ]*\b(?:(?:which|that|it|they|each(?: one)?|all) )?(?:is |are |must be |has to be |should be )?(?:unique|(?:all |each (?:is |one )?)?different(?: (?:for (?:everyone|everybody|each|every|all)\b.*|from .*))?$|(?:(?:can't|won't|don't|doesn't|mustn't|shouldn't|(?:can|must|may|should|will|do|does|is|are) ?(?:not|never)) |never )(?:ever )?(?:be )?(?:the same|used twice|used again|reused|repeat(?:ed|s)?|given twice|occurs? twice|duplicated?|shared)|no (?:duplicates?|dupes?|repeats?|repetition)|not (?:used twice|repeated|shared)|no(?:body| one)? (?:two|2)\b.*\b(?:same|alike|equal)|never two (?:the )?(?:same|equal|alike)|no two (?:[a-z]+ )?(?:the )?(?:have |with |share )?(?:the )?(?:same|alike)|no two (?:[a-z]+ ){0,2}shares?\b|never two (?:of them )?alike|one per [a-z]+|(?:two|no two) [a-z]+ can(?:'t| never|not) (?:ever )?(?:have|share|be) the same)\b/i;

/** "not all have one but no two have the same": only about the item before. */
export const saysNoField = (text: string): boolean =>
  !/^(?:who|what|when|where|how|which|whether)\b|^[a-z]{3,} (?:if|where|when) (?:any|known|given)\b/i.test(text) &&
  [UNIQUE, OPTIONAL].some((rule) => rule.test(text)) &&
  text
    .replace(OPTIONAL, ' ')
    .replace(UNIQUE, ' ')
    .replace(/\b(?:but|and|so|it|they|that|which|is|are|the|two|no|of (?:them|these)|[a-z]+s)\b/gi, '')
    .trim() === '';
