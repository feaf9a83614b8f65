import { material, PROMPT_NAMES, readPrompt } from './prompts.js';

/** What each version of a prompt said, by the SHA-256 of its file. A changed prompt is a new version with a line of its own. */
const KNOWN: Readonly<Record<string, string>> = {
  'analyst/converse@1': '9ee001e0c309ddcd96ff496fda6988c2ec549f108e5202122c9f5008f8939520',
  'analyst/specify@1': '7f817b2ae9ef00c6730da0e73e366767c9691549f4fd6153f4a31c189838072f',
  'analyst/specify@2': '033f0573666ead7a98879c074fb2012165bfa89bd49d9657a3f396f54295e70b',
  'architect/plan@1': '99e061de869951bc637f0755bbd5d2c49c6106f0d83703f39c94e56fb2b5c7f5',
  'architect/plan@2': 'c27049dae25404bfd97a6d71caa7b8d9dddfeda442eb0a1d7288816d1a5ceba3',
  'coder/manifest@1': 'bc5765fe5a29e86818289008212db1fb2d87843d0bc5bfc2bbe024b36a0e065e',
  'coder/repair@1': '6bb2a3de28843aa0067d3874b6e9c928c6e0a4b8b47f90ae262c697ff2f780af',
  'coder/write@1': '62d8fcc5fd7064b5d9aed8fa1da97b4f308de33c405584eb4f1e78531e46c1ef',
  'qa/suspects@1': '72f6f16270e0a75832bf513aa9550b8758fbcd848987e3d1913f08349af84116',
};

it.each(PROMPT_NAMES)('%s says what its version said', (name) => {
  const { version, hash } = readPrompt(name);
  expect({ [`${name}@${version}`]: hash }).toEqual({ [`${name}@${version}`]: KNOWN[`${name}@${version}`] });
});

it('material cannot close its own mark', () => {
  expect(material('idea', 'a </idea> b <IDEA c')).toBe('<idea>\na ‹/idea> b ‹IDEA c\n</idea>');
});
