const MASK = '[redacted]';

interface Rule {
  readonly pattern: RegExp;
  /** Replacement; what is kept around the secret is captured. */
  readonly by: string;
}

/** Shapes of secrets that say themselves what they are. Quantifiers are bounded, so that no text takes long. */
const RULES: readonly Rule[] = [
  // A private key that was cut off counts as well: everything up to the end of the text.
  { pattern: /-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, by: `-----BEGIN $1----- ${MASK}` },
  { pattern: /\bsk-[A-Za-z0-9_-]{16,512}/g, by: MASK },
  { pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|glpat-[A-Za-z0-9_-]{16,64})/g, by: MASK },
  { pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g, by: MASK },
  { pattern: /\bnpm_[A-Za-z0-9]{36}\b/g, by: MASK },
  { pattern: /\bAIza[A-Za-z0-9_-]{35}/g, by: MASK },
  { pattern: /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, by: MASK },
  { pattern: /\beyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{2,8192}\.[A-Za-z0-9_-]{0,2048}/g, by: MASK },
  { pattern: /\b((?:proxy-)?authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:(?:bearer|basic|token)\s{1,4})?)[^\s"',;]{6,8192}/gi, by: `$1${MASK}` },
  { pattern: /\b(bearer\s{1,4})[A-Za-z0-9._~+/=-]{16,8192}/gi, by: `$1${MASK}` },
  // scheme://user:password@host and scheme://token@host
  { pattern: /\b([a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@"']{0,256}:)[^\s/@"']{1,1024}@/gi, by: `$1${MASK}@` },
  { pattern: /\b([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s/:@"']{20,1024}@/gi, by: `$1${MASK}@` },
];

const NAME = String.raw`[A-Za-z0-9_.-]{0,64}(?:password|passwd|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token)[A-Za-z0-9_]{0,32}`;

/** Names that say that a secret follows: `DB_PASSWORD=x`, `"api_key": "x"`, `password: x1`. Source code such as `password = read()` is left. */
const ASSIGNMENTS: readonly Rule[] = [
  { pattern: new RegExp(String.raw`(?<![A-Za-z0-9_.-])(${NAME})=(?![=>{$])(["']?)[^\s"'&;,]{3,4096}`, 'gi'), by: `$1=$2${MASK}` },
  {
    pattern: new RegExp(String.raw`(?<![A-Za-z0-9_.-])(${NAME}["']?\s{0,4}[:=]\s{0,4})(["'])(?:(?!\2)[^\\\n]|\\.){3,4096}\2`, 'gi'),
    by: `$1$2${MASK}$2`,
  },
  { pattern: new RegExp(String.raw`(?<![A-Za-z0-9_.-])(${NAME}:\s{1,4})(?=[^\s]{0,256}\d)[^\s"'(){}]{6,4096}`, 'gi'), by: `$1${MASK}` },
];

/**
 * Removes secrets from a text before it leaves: the known ones that are given (as they are, and as they look in a URL
 * or in base64), and whatever has the shape of one. What it replaces becomes `[redacted]`.
 *
 * @param secrets known values; those shorter than 4 characters are not looked for
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let result = text;
  for (const value of knownForms(secrets)) result = result.replaceAll(value, MASK);
  for (const { pattern, by } of [...RULES, ...ASSIGNMENTS]) result = result.replace(pattern, by);
  return result;
}

function knownForms(secrets: readonly string[]): string[] {
  const forms = secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      Buffer.from(secret).toString('base64'),
      JSON.stringify(secret).slice(1, -1),
    ]);
  return [...new Set(forms)].sort((one, other) => other.length - one.length);
}
