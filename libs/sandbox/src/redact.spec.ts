import { redact } from './redact.js';

const PLAIN = [
  'password = await read()',
  'const token = request.headers.token',
  '✔ password: must be long enough (1.2ms)',
  'Bearer authentication is used',
  'GET http://127.0.0.1:3000/healthz answered 200',
  'file:///workspace/src/app.test.js:12:5',
  'see https://example.org/@scope/name and me@example.org',
  'expected sk-1 to be sk-2',
  'if (password === "") throw new Error("password required")',
];

test.each(PLAIN)('leaves what is no secret: %s', (line) => {
  expect(redact(line)).toBe(line);
});

const SECRET: [string, string, string][] = [
  ['an Anthropic key', 'key sk-ant-api03-AbC_dEf-0123456789 used', 'key [redacted] used'],
  ['a bearer token', 'authorization: Bearer abc.def.ghi', 'authorization: Bearer [redacted]'],
  ['a bare bearer token', 'sent Bearer 0123456789abcdef0123', 'sent Bearer [redacted]'],
  ['basic authorization in JSON', '{"Authorization":"Basic dXNlcjpwYXNz"}', '{"Authorization":"Basic [redacted]"}'],
  ['an AWS key id', 'id AKIAIOSFODNN7EXAMPLE.', 'id [redacted].'],
  ['an AWS secret', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCY', 'AWS_SECRET_ACCESS_KEY=[redacted]'],
  ['a JWT', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln ok', 'got [redacted] ok'],
  ['a GitHub token', `x ghp_${'a'.repeat(36)} y`, 'x [redacted] y'],
  ['a password in the environment', 'DB_PASSWORD=hunter2 next', 'DB_PASSWORD=[redacted] next'],
  ['a quoted password', 'password = "hun ter2"', 'password = "[redacted]"'],
  ['a password in JSON', '{"api_key": "abc\\"def"}', '{"api_key": "[redacted]"}'],
  ['a password in YAML', 'db_password: s3cret-x', 'db_password: [redacted]'],
  ['credentials in a URL', 'postgres://app:s3cr:et@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
  ['a token in a URL', 'https://0123456789abcdef0123@git.example/x', 'https://[redacted]@git.example/x'],
];

test.each(SECRET)('removes %s', (_what, line, expected) => {
  expect(redact(line)).toBe(expected);
});

test('removes private keys, whole and cut off', () => {
  const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----';
  expect(redact(`a\n${key}\nb`)).toBe('a\n-----BEGIN RSA PRIVATE KEY----- [redacted]\nb');
  expect(redact('a\n-----BEGIN PRIVATE KEY-----\nMIIE\nabc')).toBe('a\n-----BEGIN PRIVATE KEY----- [redacted]');
});

test('removes known secrets in every form, the longer ones first', () => {
  const secret = 'pä ss/w"ord';
  const text = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), JSON.stringify(secret)].join(' | ');
  expect(redact(text, [secret, 'pä s'])).toBe('[redacted] | [redacted] | [redacted] | "[redacted]"');
  expect(redact('a b c', ['a', ''])).toBe('a b c');
});

test('takes no long time on hostile text', () => {
  const started = performance.now();
  for (const part of ['a', 'password', 'http://a:', '-----BEGIN PRIVATE KEY-----', 'eyJaaaaaaaaa.', 'password="', 'api-key.'])
    redact(part.repeat(Math.ceil(200_000 / part.length)));
  expect(performance.now() - started).toBeLessThan(8_000);
});
