import { TemplateBrain } from '../../libs/agents/src/template/index.js';
import { brief } from './interview.js';
import { scoreCorpus, shares } from './metrics.js';
import type { Category } from './score.js';

/**
 * The least share of what is expected that has to be found, over the whole folder. Whoever finds more raises it; nobody
 * lowers it, and no idea or expectation is changed for it.
 */
const FLOOR: Readonly<Record<Category, number>> = {
  entities: 0.95,
  fields: 0.95,
  types: 0.98,
  'required and unique': 0.85,
  relations: 0.92,
  states: 0.85,
  computed: 0.6,
  rules: 0.85,
  'other rules': 0.8,
  'roles and sign-in': 0.9,
  features: 0.95,
  declined: 0.95,
  asked: 0.95,
};

it('the template brain understands the ideas of the corpus at least as well as it did', async () => {
  const found = shares(await scoreCorpus(new TemplateBrain(), import.meta.dirname, brief));
  const below = Object.entries(FLOOR).flatMap(([category, least]) => {
    const share = found[category as Category];
    return share !== null && share < least ? [`${category}: ${(share * 100).toFixed(0)} %, at least ${least * 100} %`] : [];
  });
  expect(below).toEqual([]);
}, 120_000);
