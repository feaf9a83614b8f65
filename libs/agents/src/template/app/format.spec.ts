import { format } from 'prettier';
import { databaseSchema } from '#contracts';
import { SCHEMAS } from '../testing-schemas.js';
import { generateApp } from './generate.js';

const STYLE = { singleQuote: true, printWidth: 120, trailingComma: 'all', embeddedLanguageFormatting: 'off' } as const;

describe('the sources of an app', () => {
  it.each(Object.entries(SCHEMAS))('are laid out as a formatter would: %s', async (_, schema) => {
    const { files } = generateApp({ schema: databaseSchema.parse(schema), description: 'An app.', criteria: [] });
    for (const { path, content } of files.filter((file) => /^(src|public|scripts)\/.*\.(js|css)$/.test(file.path)))
      expect([path, content]).toEqual([path, await format(content, { ...STYLE, filepath: path })]);
  });

  it.each(Object.entries(SCHEMAS))('carry no mark of the template and nothing that the app has no use for: %s', (_, schema) => {
    const { files } = generateApp({ schema: databaseSchema.parse(schema), description: 'An app.', criteria: [] });
    const sources = files.filter((file) => file.path.startsWith('src/'));
    const text = sources.map((file) => file.content).join('\n');
    expect(text).not.toMatch(/\/\/[#@]|__[A-Z]+__/);
    const unused = sources.flatMap(({ content }) =>
      [...content.matchAll(/^import \{ (.+?) \} from/gms)]
        .flatMap(([, names = '']) => names.split(',').map((name) => (/as (\w+)/.exec(name)?.[1] ?? name).trim()))
        .filter((name) => name !== '' && (content.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length < 2),
    );
    expect(unused).toEqual([]);
  });
});
