import { readFileSync } from 'node:fs';
import { sha256 } from '#platform';

export const PROMPT_NAMES = [
  'analyst/converse',
  'analyst/specify',
  'architect/plan',
  'coder/write',
  'coder/repair',
  'coder/manifest',
  'qa/suspects',
] as const;
export type PromptName = (typeof PROMPT_NAMES)[number];

/** A role's instructions. The hash goes on record with every turn, so that it is known what an agent was told. */
export interface Prompt {
  readonly name: PromptName;
  readonly version: number;
  readonly text: string;
  /** SHA-256 of the file. */
  readonly hash: string;
}

const read = new Map<PromptName, Prompt>();

/** A prompt of the folder `prompts`, read once; its file's first line is `version: n`. */
export function readPrompt(name: PromptName): Prompt {
  const known = read.get(name) ?? fromFile(name);
  read.set(name, known);
  return known;
}

function fromFile(name: PromptName): Prompt {
  const file = readFileSync(new URL(`./prompts/${name}.md`, import.meta.url), 'utf8');
  const [, version, text] = /^version: (\d+)\n\n([\s\S]+)$/.exec(file) ?? [];
  if (version === undefined || text === undefined) throw new Error(`the prompt ${name} does not begin with its version`);
  return { name, version: Number(version), text: text.trim(), hash: sha256(file) };
}

/** Material that a model reads and never obeys: marked, and unable to close its own mark. */
export const material = (tag: string, content: string): string =>
  `<${tag}>\n${content.replaceAll(new RegExp(`</?${tag}`, 'gi'), (mark) => mark.replace('<', '‹'))}\n</${tag}>`;
