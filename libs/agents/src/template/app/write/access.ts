import type { DatabaseSchema } from '#contracts';
import { array, indent, object, quote } from './code.js';

/** src/access.js: the table of who may do what, and what it means. */
export function accessJs(schema: DatabaseSchema): string {
  const { roles, permissions } = schema.auth;
  const roleLines = roles
    .map(
      (role) =>
        `  ${object([
          ['name', quote(role.name)],
          ['label', quote(role.label)],
        ])},\n`,
    )
    .join('');
  const kinds = schema.entities.flatMap((entity) => {
    const own = permissions.filter((one) => one.entity === entity.name);
    if (own.length === 0) return [];
    const actions = own.map(
      (one) => `  ${one.action}: ${object([['roles', array(one.roles.map(quote))], ...(one.own ? [['own', 'true'] as const] : [])])},\n`,
    );
    return [`${entity.name}: {\n${actions.join('')}}`];
  });
  return `import { kindNamed } from './records/index.js';

/* Who may do what. The server asks here before anything is shown or changed; the pages ask here which buttons to show. */
${
  roles.length > 0
    ? `
/** The first role may do everything and gives the roles to the accounts; a new account gets the last. */
export const roles = [
${roleLines}];

export const FIRST_ROLE = roles[0].name;
export const LAST_ROLE = roles.at(-1).name;
`
    : ''
}
/**
 * Per kind of record and action the roles that may do it; with \`own\` everybody else may with what is their own.
 * What is not listed, everybody who is signed in may do.
 */
const permissions = {
${kinds.map((kind) => `  ${indent(kind)},\n`).join('')}};

/**
 * Whether an account may view, add, change or delete records of a kind: this one, or at all where no record is given.
 * \`records\` is asked for the records that this one links to.
 */
export function may(account, action, kind, record, records) {
  const permission = permissions[kind.name]?.[action];
  if (!permission${roles.length > 0 ? ' || account.role === FIRST_ROLE || permission.roles.includes(account.role)' : ''}) return true;
  return permission.own === true && (record === undefined || isOwn(account, kind, record, records));
}
${
  schema.entities.some((entity) => entity.lifecycle?.transitions.some((step) => step.roles.length > 0))
    ? `
/** Whether an account may take a step from one state to the next; a step without roles is a change like any other. */
export function mayStep(account, step, kind, record, records) {
  if (!step.roles) return may(account, 'change', kind, record, records);
  return account.role === FIRST_ROLE || step.roles.includes(account.role);
}
`
    : schema.entities.some((entity) => entity.lifecycle)
      ? `
/** Whether an account may take a step from one state to the next. */
export const mayStep = (account, step, kind, record, records) => may(account, 'change', kind, record, records);
`
      : ''
}
/** Records that the account added, and those that hold its e-mail address or link to a record that does. */
function isOwn(account, kind, record, records) {
  if (record.created_by === account.email || holdsAddress(account, kind, record)) return true;
  return kind.fields.some((field) => {
    const target = field.target && kindNamed(field.target);
    const ids = target ? [record[field.name] ?? []].flat() : [];
    return ids.some((id) => holdsAddress(account, target, records.get(target.name, id)));
  });
}

const holdsAddress = (account, kind, record) =>
  kind.fields.some((field) => field.type === 'email' && record?.[field.name]?.toLowerCase() === account.email);
`;
}
