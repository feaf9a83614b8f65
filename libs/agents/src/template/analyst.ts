import type { AnalystTurn, DatabaseSchema, Entity, RequirementsConversation, SoftwareSpecification } from '#contracts';
import { assumptionsOf } from './language/complete.js';
import { completeCriteria, sourceKeys } from './requirements/criteria.js';
import type { Check } from './requirements/criteria.js';
import { QUESTIONS_AT_ONCE, readConversation } from './language/conversation.js';
import type { Reading } from './language/conversation.js';
import type { Draft } from './language/draft.js';
import type { Statement } from './language/proposals.js';
import { EVERY_APP } from './language/read-features.js';
import { sourcesOfRequirements } from './requirements/origins.js';
import { writeBehaviour, writeRequirements } from './requirements/requirements.js';
import { writeAccess, writePermissions } from './requirements/written-access.js';
import { writeLifecycle } from './requirements/written-states.js';
import { amend, parseRequirements, settleAnyway } from './language/understand.js';
import { capital, listed } from './language/words.js';

/** One turn of the requirements chat: what was understood or has changed, what is open, and whether that is enough to build. */
export function converse(conversation: RequirementsConversation): AnalystTurn {
  if (conversation.purpose === 'answer') return answer(conversation);
  const reading = readConversation(conversation);
  const { draft, before, answered, lastUnderstood } = reading;
  const known = draft.schema.entities.length > 0;
  const open = lastUnderstood && (known || !answered) ? reading.questions.slice(0, QUESTIONS_AT_ONCE) : [];
  const ready = conversation.finalized || (known && lastUnderstood && open.length === 0);
  const questions = ready ? [] : open.map(({ question, proposal, guess }) => ({ question, proposal, ...(guess && { unsure: true as const }) }));
  const parts = [
    ...(lastUnderstood
      ? []
      : ['I could not make use of your last message; try a sentence such as "A book has a shelf." or "Remove the notes of books."']),
    ...(known ? (before?.schema.entities.length ? changes(before, draft) : understood(draft)) : []),
    ...(known && (ready || !answered) ? notBuilt(reading, ready) : []),
    ...closing(reading, ready, open.length),
  ];
  return { message: parts.join('\n\n').slice(0, 20_000), questions, ready };
}

/** How it goes on: what may be answered, or that it is enough. */
function closing({ draft, lastUnderstood }: Reading, ready: boolean, open: number): string[] {
  const known = draft.schema.entities.length > 0;
  if (ready)
    return [known ? 'That is enough to write the specification.' : 'I recognised nothing that is to be recorded, so I propose a single list.'];
  if (!known) return ['I did not recognise what is to be recorded yet. I read plain English, such as: Track books, each with a title and an author.'];
  if (!lastUnderstood) return ['Say it in other words, or answer "ok" to go on without it.'];
  const each = open > 1 ? ', or each by its number, such as "1: yes, 2: no, 3: skip"' : ', "no" or "skip"';
  return [`Answer "yes" to take what is proposed${each}; or correct me in your own words.`];
}

/** What is asked for and will not be in the app, as far as it is known; what is still to be asked about is not decided yet. */
function notBuilt({ draft, left, questions }: Reading, ready: boolean): string[] {
  const asked = ready ? [] : questions.flatMap(({ guess, statements }) => [...(guess ? [guess] : []), ...(statements ?? [])]);
  const said = [...unclearBut(draft, [...asked, ...left]), ...(ready ? left.map((one) => one.said) : [])];
  const most = said.slice(0, TOLD).map((one) => `- "${one}"`);
  const more = said.length - most.length;
  return [
    ...(draft.outOfScope.length > 0 ? [`This I cannot build:\n${draft.outOfScope.map((one) => `- ${one}`).join('\n')}`] : []),
    ...(most.length > 0 ? [`This I did not understand, and leave out:\n${[...most, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')}`] : []),
  ];
}

/** What was not understood, without these statements. */
const unclearBut = ({ unclear }: Draft, statements: readonly Statement[]): string[] =>
  unclear.filter((one) => !statements.some(({ said, text }) => [said, text].some((words) => words.includes(one) || one.includes(words))));

/** More statements than this at once are not read; the specification lists all of them. */
const TOLD = 8;

function understood(draft: Draft): string[] {
  const { schema } = draft;
  const things = schema.entities.map(thingTold);
  const shown = schema.computed.map((computed) => `"${computed.label}"`);
  const rules = rulesTold(schema);
  return [
    `I understood an app called "${schema.title}" that keeps these lists:\n${things.join('\n')}`,
    ...(shown.length > 0 ? [`It works out ${listed(shown)}.`] : []),
    ...(rules.length > 0 ? [`It keeps to this:\n${rules.join('\n')}`] : []),
    ...(draft.signInSaid ? [signInTold(schema)] : []),
  ];
}

/** What the last answer added to the app, or took out of it. */
function changes(before: Pick<Draft, 'schema' | 'signInSaid'>, after: Pick<Draft, 'schema' | 'signInSaid'>): string[] {
  const told = ({ schema, signInSaid }: Pick<Draft, 'schema' | 'signInSaid'>): string[] => [
    ...schema.entities.map(thingTold),
    ...schema.computed.map((computed) => `- It works out "${computed.label}".`),
    ...rulesTold(schema),
    ...(signInSaid ? [`- ${signInTold(schema)}`] : []),
  ];
  const [was, is] = [told(before), told(after)];
  const added = is.filter((one) => !was.includes(one));
  const sameThing = (one: string): boolean => added.some((other) => other.split(':')[0] === one.split(':')[0]);
  const gone = was.filter((one) => !is.includes(one) && !sameThing(one));
  return [...(added.length > 0 ? [`Noted:\n${added.join('\n')}`] : []), ...(gone.length > 0 ? [`No longer:\n${gone.join('\n')}`] : [])];
}

const thingTold = ({ label_plural: many, fields }: Entity): string => `- ${capital(many)}: ${listed(fields.map((field) => field.label))}`;

const signInTold = ({ auth }: DatabaseSchema): string =>
  auth.sign_in ? 'People sign in with an e-mail address and a password.' : 'Nobody needs to sign in.';

/** The rules in controlled English, with the steps of each list in one line. */
function rulesTold(schema: DatabaseSchema): string[] {
  const courses = schema.entities.flatMap(({ label_plural: many, lifecycle }) => {
    const free = lifecycle?.transitions.filter((one) => one.roles.length === 0) ?? [];
    const from = [...new Set(free.map((step) => step.from))];
    const steps = from.map(
      (state) =>
        `${state} → ${listed(
          free.filter((one) => one.from === state).map((one) => one.to),
          'or',
        )}`,
    );
    return steps.length > 0 ? [`- ${capital(many)} go through these states: ${steps.join('; ')}.`] : [];
  });
  const steps = schema.entities.flatMap((entity) => writeLifecycle(schema, entity)).filter((one) => !one.startsWith('Only '));
  const rest = writeBehaviour(schema).filter((one) => !steps.includes(one));
  return [...courses, ...[...rest, ...writeAccess(schema).slice(1), ...writePermissions(schema)].map((one) => `- ${one}`)];
}

/** A short answer while a build is running; it changes nothing that is being built. */
function answer(conversation: RequirementsConversation): AnalystTurn {
  const last =
    conversation.messages
      .filter((message) => message.author === 'person')
      .at(-1)
      ?.content.trim() ?? '';
  const status = conversation.run_status ? `The build is at this point: ${conversation.run_status}.` : 'The build is running.';
  const asks = /\?\s*$|^(?:what|how|when|why|where|who|is|are|does|do|can|will)\b/i.test(last);
  const { draft } = readConversation({ ...conversation, messages: [] });
  const lists = draft.schema.entities.map((entity) => entity.label_plural);
  const about = lists.length > 0 ? ` It is about ${listed(lists)}.` : '';
  const reply = asks
    ? `${status}${about} The approved specification says exactly what it will do.`
    : `I noted this: "${last.slice(0, 500)}". ${status} What is being built follows the approved specification; reject or amend at the next decision, or start another run, to have it changed.`;
  return { message: reply, questions: [], ready: true };
}

const OWN_PAGES = 'The chosen page previews and the style of the design: the app has pages of its own, in one style.';

/** The specification, from the whole conversation or from a rejected one and the reason. */
export function specify(conversation: RequirementsConversation): SoftwareSpecification {
  if (conversation.revision) return revise(conversation.revision.previous, conversation.revision.reason);
  const { draft, left } = readConversation(conversation);
  const vague = draft.schema.entities.length === 0;
  if (vague) settleAnyway(draft, conversation.product_idea);
  const open =
    vague && !conversation.finalized
      ? [
          {
            question: 'What should the app keep records of, and what should be noted about each?',
            proposal: writeRequirements(draft.schema).slice(1, -1).join(' ').slice(0, 2_000),
          },
        ]
      : [];
  const source = (check: Check): string | null =>
    sourceKeys(check)
      .map((key) => draft.sources.get(key))
      .find((one) => one !== undefined) ?? null;
  const told = describe(draft.schema, assumptionsOf(draft));
  return {
    ...told,
    requirement_sources: sourcesOfRequirements(told.requirements, draft.sources),
    core_idea: conversation.product_idea.trim().slice(0, 4_000) || draft.schema.title,
    acceptance_criteria: completeCriteria(draft.schema, [], source),
    open_questions: open,
    out_of_scope: limits(draft, conversation.generation_spec ? [OWN_PAGES] : [], left),
  };
}

function revise(previous: SoftwareSpecification, reason: string): SoftwareSpecification {
  if (reason.trim() === '') return previous;
  const { draft, notUnderstood } = parseRequirements(previous.requirements);
  const before = structuredClone(draft.schema);
  draft.unclear.length = 0;
  if (!amend(draft, reason) && draft.unclear.length === 0) draft.unclear.push(reason.trim());
  const kept = previous.acceptance_criteria.filter((criterion) => stillHolds(before, draft.schema, criterion.text));
  const requirements = [...writeRequirements(draft.schema), ...notUnderstood];
  const source = (check: Check): string | null =>
    sourceKeys(check).some((key) => draft.sources.get(key) !== undefined) ? reason.slice(0, 2_000) : null;
  return {
    ...describe(
      draft.schema,
      previous.high_level_features.filter((one) => one.startsWith('Assumed: ')).map((one) => one.slice(9)),
    ),
    core_idea: previous.core_idea,
    requirements,
    requirement_sources: revisedSources(previous, requirements, reason),
    acceptance_criteria: completeCriteria(draft.schema, kept, source),
    open_questions: [],
    out_of_scope: limits(draft, previous.out_of_scope),
  };
}

/** What was there before keeps its sentence; what is new comes from the reason. */
function revisedSources(
  { requirements: before, requirement_sources = [] }: SoftwareSpecification,
  requirements: readonly string[],
  reason: string,
): SoftwareSpecification['requirement_sources'] {
  const known = new Map(requirement_sources.map((one) => [one.requirement, one]));
  return requirements.flatMap((requirement) => {
    if (before.includes(requirement)) return known.get(requirement) ?? [];
    return { requirement, source: reason.trim().slice(0, 2_000) };
  });
}

/** A criterion goes where the change took away what it asks for; one that a person wrote stays. */
function stillHolds(before: DatabaseSchema, after: DatabaseSchema, text: string): boolean {
  const was = completeCriteria(before, [], () => null).some((criterion) => criterion.text === text);
  return !was || completeCriteria(after, [], () => null).some((criterion) => criterion.text === text);
}

const limits = (draft: Draft, previous: readonly string[], left: readonly Statement[] = []): string[] =>
  [
    ...new Set([
      ...previous,
      ...draft.outOfScope,
      ...unclearBut(draft, left).map((one) => `Not understood, therefore not included: "${one}"`),
      ...left.map(({ said }) => `Not confirmed, therefore not included: "${said}"`),
    ]),
  ]
    .map((one) => one.slice(0, 2_000))
    .slice(0, 100);

function describe(
  schema: DatabaseSchema,
  assumptions: readonly string[],
): Pick<SoftwareSpecification, 'requirements' | 'user_stories' | 'high_level_features'> {
  const many = schema.entities.map((entity) => entity.label_plural);
  const rules = schema.entities.reduce((sum, entity) => sum + entity.rules.length, 0);
  const shown = schema.computed.map((computed) => `"${computed.label}"`);
  return {
    requirements: writeRequirements(schema),
    user_stories: [
      ...schema.entities.map(
        (entity) => `As somebody who uses the app, I add, find, change and delete ${entity.label_plural}, so that they are all in one place.`,
      ),
      ...shown.map((label) => `As somebody who uses the app, I open ${label}, so that I need not work it out myself.`),
      ...(schema.auth.sign_in ? ['As somebody who uses the app, I sign in, so that nobody else sees the records.'] : []),
    ],
    high_level_features: [
      `Lists of ${listed(many)}, with search, page by page, and forms that say what is wrong.`,
      ...(shown.length > 0 ? [`Worked out by the app: ${listed(shown)}.`] : []),
      ...schema.entities.flatMap((entity) =>
        entity.lifecycle ? [`${capital(entity.label_plural)} go through states, only in the steps that are allowed.`] : [],
      ),
      ...schema.entities.flatMap((entity) =>
        entity.values.length > 0 ? [`Worked out for each ${entity.label}: ${listed(entity.values.map((one) => one.label))}.`] : [],
      ),
      ...(rules > 0 ? [`${rules} ${rules === 1 ? 'rule' : 'rules'} that every record has to meet; a form says which one is not met.`] : []),
      ...(schema.auth.roles.length > 0 ? [`Roles with rights of their own: ${listed(schema.auth.roles.map((role) => role.label))}.`] : []),
      ...EVERY_APP,
      ...(schema.auth.sign_in ? ['Accounts with e-mail address and password.'] : []),
      'A web app for desktop and phone that works without JavaScript, and a JSON API.',
      ...assumptions.map((one) => `Assumed: ${one}`),
    ].map((one) => one.slice(0, 2_000)),
  };
}
