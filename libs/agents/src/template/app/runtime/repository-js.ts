import { source } from '../source.js';

/** src/repository.js: the operations on records. */
export const repositoryJs = source`//#if states
import { may, mayStep } from './access.js'; //@access
//#else
import { may } from './access.js'; //@access
//#endif
import { Problem, readValues, withDefaults } from './fields.js'; //@defaults
import { Problem, readValues } from './fields.js'; //@!defaults
import { kindNamed, linksTo } from './records/index.js'; //@access|lists|totals
import { linksTo } from './records/index.js'; //@!access|lists|totals
import { matches, orderBy, pageOf } from './query.js';
import { titleOf, valueAsText } from './show.js';
import { stepOf, stepRefusal, stepsFrom, withState } from './states.js'; //@states

/** The operations on records, as one account may carry them out; the pages and the API share them. */ //@sign_in
export function openRecords(store, account) { //@sign_in
/** The operations on records, which the pages and the API share. */ //@!sign_in
export function openRecords(store) { //@!sign_in
  /** All records as they were saved, whoever asks: what rules and values are worked out from. */
  const data = { all: store.all, get: store.get };
//#if access

  /** Whether the account may do something with this record, or with records of this kind at all. */
  const allows = (action, kind, record) => may(account, action, kind, record, data);

  function demand(action, kind, record) {
    if (allows(action, kind, record)) return;
    throw new Problem(403, \`You may not \${action} \${record ? \`this \${kind.label}\` : kind.plural}.\`);
  }
//#endif

  /** A record together with what is worked out for it, each value when it is asked for. */
  function complete(kind, record) {
    const whole = { ...record };
    for (const { name, workOut } of kind.values ?? [])
      Object.defineProperty(whole, name, { enumerable: true, get: () => workOut(record, data) });
    return whole;
  }

  function saved(kind, id) {
    const record = /^\d{1,15}$/.test(String(id)) ? store.get(kind.name, Number(id)) : undefined;
    if (!record) throw new Problem(404, \`There is no \${kind.label} number \${String(id).slice(0, 20)}.\`);
    demand('view', kind, record); //@access
    return record;
  }

  const find = (kind, id) => complete(kind, saved(kind, id));

  /** All records of a kind that the account may see. */ //@access
  const visible = (kind) => store.all(kind.name).filter((record) => allows('view', kind, record)); //@access
  /** All records of a kind. */ //@!access
  const visible = (kind) => store.all(kind.name); //@!access
  const all = (kind) => visible(kind).map((record) => complete(kind, record));

  const title = (kind, record, without) => titleOf(kind, record, data, { without });
  const text = (field, value) => valueAsText(field, value, data);

  /** What a query finds, in its order: all of it, and the page that it asks for. */
  function search(kind, query) {
    const found = all(kind).filter((record) => matches(kind, record, query, text));
    return pageOf(orderBy(kind, found, query.sort, { title, text }), query);
  }

//#if lists
  /** The records of a computed list, in its order. */
  function list({ kind: name, shows, order, limit }) {
    const kind = kindNamed(name);
    demand('view', kind); //@access
    return orderBy(kind, all(kind).filter(shows), order, { title, text }).slice(0, limit);
  }

//#endif
//#if totals
  /** The rows of a total, each with its key and its number. */
  function total({ kind, rows }) {
    demand('view', kindNamed(kind)); //@access
    return rows({ all: (name) => all(kindNamed(name)) });
  }

//#endif
  /** The records that a link to this kind can lead to, in the order of their titles. */
  const options = (kind) => orderBy(kind, visible(kind), null, { title, text });

  /** The values that may be saved as a new record, or in place of \`before\`. */
  function check(kind, input, before) {
    const isLinkable = (field, id) => {
      const target = store.get(field.target, id);
      if (!target || [before?.[field.name] ?? []].flat().includes(id)) return target !== undefined; //@access
      return allows('view', kindNamed(field.target), target); //@access
      return target !== undefined; //@!access
    };
    const { values, errors } = readValues(kind, withState(kind, input, before), isLinkable); //@states
    const { values, errors } = readValues(kind, input, isLinkable); //@!states
    refuse(400, [errors]);
    const record = { ...before, ...values };
    const others = store.all(kind.name).filter((other) => other.id !== before?.id);
    const look = { before, others, records: data };
    refuse(409, [stepRefusal(kind, record, before)]); //@states
    refuse(
      400,
      (kind.checks ?? []).map((rule) => rule(record, look)),
    );
    refuse(409, [...repeats(kind, record, others), ...(kind.conflicts ?? []).map((rule) => rule(record, look))]);
    return values;
  }

  function add(kind, input) {
    demand('add', kind); //@access
    const now = new Date().toISOString();
    const record = {
      id: store.nextId(kind.name),
      ...check(kind, withDefaults(kind, input)), //@defaults
      ...check(kind, input), //@!defaults
      version: 1,
      created_at: now,
      updated_at: now,
      created_by: account.email, //@sign_in
    };
    store.put(kind.name, record);
    return complete(kind, record);
  }

  /** Changes a record; what \`input\` does not name becomes empty, but for the state. */ //@states
  /** Changes a record; what \`input\` does not name becomes empty. */ //@!states
  function change(kind, id, input) {
    const before = saved(kind, id);
    if (input.version !== undefined && String(input.version) !== String(before.version))
      throw new Problem(
        409,
        \`Somebody else changed this \${kind.label} in the meantime. Open it again, then repeat your change.\`,
      );
//#if states
    const step = stepOf(kind, before, input);
    if (step && !mayStep(account, step, kind, before, data)) //@access
      throw new Problem(403, \`You may not take a \${kind.label} from “\${step.from}” to “\${step.to}”.\`); //@access
    if (!step?.alone) demand('change', kind, before); //@access
    if (!step?.alone) refuse(409, locks('change', kind, before)); //@locks
//#else
    demand('change', kind, before); //@access
    refuse(409, locks('change', kind, before)); //@locks
//#endif
    const values = check(kind, input, before);
    const now = new Date().toISOString();
    const record = { ...before, updated_by: account.email, ...values, version: before.version + 1, updated_at: now }; //@sign_in
    const record = { ...before, ...values, version: before.version + 1, updated_at: now }; //@!sign_in
    store.put(kind.name, record);
    return complete(kind, record);
  }

  function remove(kind, id) {
    const record = saved(kind, id);
    demand('delete', kind, record); //@access
    refuse(409, locks('delete', kind, record)); //@locks
    const [use] = uses(kind, record).filter((group) => group.records.length > 0);
    if (use) {
      const count = use.records.length;
      const label = count === 1 ? use.from.label : use.from.plural;
      throw new Problem(409, \`This \${kind.label} is used by \${count} \${label}. Delete or change those first.\`);
    }
    store.remove(kind.name, record.id);
  }
//#if locks

  /** What keeps a record from being changed or deleted, one complaint per rule. */
  const locks = (action, kind, record) => (kind.locks?.[action] ?? []).map((rule) => rule(record, { records: data }));
//#endif

  /** Per field that links here, the records that do. */
  const uses = (kind, record) =>
    linksTo(kind).map(({ from, field }) => ({
      from,
      field,
      records: store.all(from.name).filter((other) => [other[field.name]].flat().includes(record.id)),
    }));

//#if access
  /** The records that link to this one, as far as the account may see them. */
  const related = (kind, record) =>
    uses(kind, record)
      .filter(({ from }) => allows('view', from))
      .map(({ from, field, records }) => {
        const seen = records.filter((other) => allows('view', from, other));
        return { from, field, records: seen.map((other) => complete(from, other)) };
      });
//#else
  /** The records that link to this one. */
  const related = (kind, record) =>
    uses(kind, record).map(({ from, field, records }) => ({
      from,
      field,
      records: records.map((other) => complete(from, other)),
    }));
//#endif

//#if states
  /** The steps that can be taken from a record's present state. */
  const steps = (kind, record) => stepsFrom(kind, record).filter((step) => mayStep(account, step, kind, record, data)); //@access
  const steps = stepsFrom; //@!access

//#endif
//#if locks
  /** Why a record cannot be changed or deleted; undefined where it can. */
  const lockedBecause = (action, kind, record) => Object.values(Object.assign({}, ...locks(action, kind, record)))[0];

//#endif
  return {
    store,
    account, //@sign_in
    allows, //@access
    demand, //@access
    find,
    all,
    search,
    list, //@lists
    total, //@totals
    options,
    add,
    change,
    remove,
    related,
    steps, //@states
    lockedBecause, //@locks
    title,
    text,
  };
}

/** Raises a problem where one of these complaints, each a message per field, says something. */
function refuse(status, complaints) {
  const errors = Object.assign({}, ...complaints);
  const [first] = Object.values(errors);
  if (first) throw new Problem(status, status === 409 ? first : 'Some values need another look.', errors);
}

/** A complaint for each field that has to be unique and is not. */
const repeats = (kind, record, others) =>
  kind.fields
    .filter((field) => field.unique && record[field.name] !== null)
    .filter((field) => others.some((other) => comparable(other[field.name]) === comparable(record[field.name])))
    .map((field) => ({ [field.name]: \`Another \${kind.label} has this \${field.label} already.\` }));

const comparable = (value) => (typeof value === 'string' ? value.toLowerCase() : value);
`;
