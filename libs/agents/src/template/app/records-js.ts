import { source } from './source.js';

/** src/records.js: the operations on records. */
export const recordsJs = source`import { capital, entityNamed, isLink, linksTo } from './schema.js';
import { Problem, readValues } from './validation.js';

export const PAGE_SIZE = 20;

/** The operations on records, shared by the pages and the API. */
export function createRecords(store) {
  const exists = (name, id) => store.get(name, id) !== undefined;

  function find(entity, id) {
    const record = /^\d{1,15}$/.test(String(id)) ? store.get(entity.name, Number(id)) : undefined;
    if (!record) throw new Problem(404, \`There is no \${entity.label} number \${String(id).slice(0, 20)}.\`);
    return record;
  }

  /** A record's short name: its first text, otherwise what it links to. */
  function titleOf(entity, record, depth = 0) {
    const named = entity.fields.find((field) => ['text', 'email'].includes(field.type) && record[field.name]);
    if (named) return record[named.name];
    const parts = entity.fields
      .filter((field) => (field.type === 'reference' && depth < 3) || field.type === 'date')
      .map((field) => show(field, record[field.name], depth + 1))
      .filter(Boolean);
    return parts.slice(0, 2).join(' · ') || \`\${capital(entity.label)} \${record.id}\`;
  }

  /** A value as text, the way people read it. */
  function show(field, value, depth = 0) {
    if (value === null || value === undefined) return '';
    if (field.type === 'reference') return linkTitle(field, value, depth);
    if (field.type === 'references') return value.map((id) => linkTitle(field, id, depth)).join(', ');
    if (field.type === 'boolean') return value ? 'Yes' : 'No';
    if (field.type === 'money') return value.toFixed(2);
    if (field.type === 'rating') return \`\${value} of 5\`;
    if (field.type === 'datetime') return value.replace('T', ' ');
    return String(value);
  }

  function linkTitle(field, id, depth) {
    const target = entityNamed(field.target);
    const record = store.get(target.name, id);
    return record ? titleOf(target, record, depth) : '';
  }

  function check(entity, input, own) {
    const { values, errors } = readValues(entity, input, exists);
    if (Object.keys(errors).length > 0) throw new Problem(400, 'Some values need another look.', errors);
    for (const field of entity.fields.filter((one) => one.unique && values[one.name] !== null)) {
      const same = (other) => other.id !== own?.id && comparable(other[field.name]) === comparable(values[field.name]);
      if (store.all(entity.name).some(same)) {
        const message = \`Another \${entity.label} has this \${field.label} already.\`;
        throw new Problem(409, message, { [field.name]: message });
      }
    }
    return values;
  }

  function add(entity, input) {
    const now = new Date().toISOString();
    const values = check(entity, input);
    const record = { id: store.nextId(entity.name), ...values, version: 1, created_at: now, updated_at: now };
    store.put(entity.name, record);
    return record;
  }

  function change(entity, id, input) {
    const before = find(entity, id);
    if (input.version !== undefined && String(input.version) !== String(before.version)) {
      throw new Problem(
        409,
        \`Somebody else changed this \${entity.label} in the meantime. Open it again, then repeat your change.\`,
      );
    }
    const values = check(entity, input, before);
    const record = { ...before, ...values, version: before.version + 1, updated_at: new Date().toISOString() };
    store.put(entity.name, record);
    return record;
  }

  function remove(entity, id) {
    const record = find(entity, id);
    const [use] = related(entity, record).filter((group) => group.records.length > 0);
    if (use) {
      const count = use.records.length;
      const label = count === 1 ? use.from.label : use.from.label_plural;
      throw new Problem(409, \`This \${entity.label} is used by \${count} \${label}. Delete or change those first.\`);
    }
    store.remove(entity.name, record.id);
  }

  /** Per field that points here, the records that do. */
  function related(entity, record) {
    return linksTo(entity).map(({ from, field }) => ({
      from,
      field,
      records: store.all(from.name).filter((other) => [other[field.name]].flat().includes(record.id)),
    }));
  }

  /** One page of an entity's records, those that contain every word of the search. */
  function list(entity, { query = '', page = 1, size = PAGE_SIZE } = {}) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const text = (record) =>
      entity.fields
        .map((field) => show(field, record[field.name]))
        .join(' ')
        .toLowerCase();
    const all = store
      .all(entity.name)
      .filter((record) => words.length === 0 || words.every((word) => text(record).includes(word)));
    const sorted = isLink(entity.fields[0]) ? all.reverse() : sortByTitle(entity, all);
    const pages = Math.max(1, Math.ceil(sorted.length / size));
    const shown = Math.min(Math.max(1, page), pages);
    return { items: sorted.slice((shown - 1) * size, shown * size), total: sorted.length, page: shown, pages };
  }

  function sortByTitle(entity, all) {
    return all
      .map((record) => ({ record, title: titleOf(entity, record) }))
      .sort((a, b) => a.title.localeCompare(b.title, 'en', { numeric: true }) || a.record.id - b.record.id)
      .map(({ record }) => record);
  }

  const options = (entity) => sortByTitle(entity, store.all(entity.name));
  const all = (entity) => store.all(entity.name);

  return { find, add, change, remove, related, list, options, all, titleOf, show };
}

const comparable = (value) => (typeof value === 'string' ? value.toLowerCase() : value);
`;
