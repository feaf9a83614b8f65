import { implementationPlan, softwareSpecification, type RequirementsConversation } from '#contracts';
import { specify } from '../analyst.js';
import { plan } from '../architect.js';

const IDEA =
  'A book club keeps books and members. A book has a title and an author. A member has a name. Show all books without an author. People sign in.';

const conversation = (revision: RequirementsConversation['revision'] = null): RequirementsConversation => ({
  purpose: 'specify',
  product_idea: IDEA,
  generation_spec: null,
  messages: [],
  finalized: true,
  revision,
  run_status: null,
});

const specification = softwareSpecification.parse(specify(conversation()));
const { task_breakdown } = implementationPlan.parse(plan({ specification, revision: null }));
const taskWith = (path: RegExp) => task_breakdown.find(({ files }) => files.some((file) => path.test(file)))!;
const requirementsOf = (ids: readonly string[] = []) => ids.map((id) => specification.requirements[Number(id.slice(2)) - 1]!);
const criteriaOf = (ids: readonly string[] = []) => specification.acceptance_criteria.filter(({ id }) => ids.includes(id)).map(({ text }) => text);

describe('the tasks of a plan', () => {
  it('name the requirements and criteria of what their files are about, and no others', () => {
    const { requirements, criteria } = taskWith(/^src\/records\/book\.js$/);
    expect(requirementsOf(requirements)).toEqual([
      'The app keeps a list of books.',
      expect.stringMatching(/^A book has a title/),
      expect.stringMatching(/^A book has an author/),
    ]);
    expect(criteriaOf(criteria).length).toBeGreaterThan(2);
    for (const text of criteriaOf(criteria)) expect(text).toMatch(/book/i);
    expect(requirementsOf(taskWith(/src\/pages\/computed\.js/).requirements)).toEqual([expect.stringMatching(/without/i)]);
    expect(criteriaOf(taskWith(/src\/accounts\.js/).criteria).length).toBeGreaterThan(0);
  });

  it('say nothing where they serve everything alike', () => {
    const start = taskWith(/run-app\.sh/);
    expect([start.requirements, start.criteria]).toEqual([undefined, undefined]);
  });

  it('cover every criterion', () => {
    const served = new Set(task_breakdown.flatMap(({ criteria = [] }) => criteria));
    expect(specification.acceptance_criteria.filter(({ id }) => !served.has(id))).toEqual([]);
  });
});

describe('the sentences that requirements come from', () => {
  const sourceOf = (of: typeof specification, words: RegExp) => of.requirement_sources?.find(({ requirement }) => words.test(requirement))?.source;

  it('are the person’s own', () => {
    expect(sourceOf(specification, /has an author/)).toMatch(/title and an author/);
    for (const { requirement, source } of specification.requirement_sources ?? []) {
      expect(specification.requirements).toContain(requirement);
      expect(source).not.toBe('');
    }
    expect(sourceOf(specification, /^The app is called/)).toBeUndefined();
  });

  it('stay when a specification is changed, and what is new comes from the reason', () => {
    const reason = 'A book also has a publisher.';
    const changed = softwareSpecification.parse(specify(conversation({ previous: specification, reason })));
    expect(sourceOf(changed, /has a publisher/)).toBe(reason);
    expect(sourceOf(changed, /has an author/)).toBe(sourceOf(specification, /has an author/));
    expect(sourceOf(changed, /^The app is called/)).toBeUndefined();
  });
});
