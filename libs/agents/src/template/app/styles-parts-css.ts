import { source } from './source.js';

/** Second half of public/styles.css: tables, forms and narrow screens. */
export const stylesPartsCss = source`/* Tables and facts */

.records {
  width: 100%;
  border: 1px solid var(--line);
  border-collapse: separate;
  border-radius: 0.9rem;
  border-spacing: 0;
  background: var(--surface);
}

.records th,
.records td {
  padding: 0.65rem 1rem;
  text-align: left;
  vertical-align: top;
}

.records thead th {
  color: var(--muted);
  font-size: 0.85rem;
  font-weight: 600;
}

.records tbody th,
.records tbody td {
  border-top: 1px solid var(--line);
}

.records tbody th {
  font-weight: 600;
}

.records .number,
.records .integer,
.records .money {
  font-variant-numeric: tabular-nums;
  text-align: right;
}

.records .date {
  white-space: nowrap;
}

.facts {
  margin: 0;
  padding: 0.4rem 1.2rem;
  border: 1px solid var(--line);
  border-radius: 0.9rem;
  background: var(--surface);
}

.facts div {
  display: grid;
  grid-template-columns: minmax(8rem, 14rem) 1fr;
  gap: 1rem;
  padding: 0.6rem 0;
}

.facts div + div {
  border-top: 1px solid var(--line);
}

.facts dt {
  color: var(--muted);
}

.facts dd {
  margin: 0;
  min-width: 0;
}

.long {
  white-space: pre-wrap;
}

.tag {
  padding: 0.1rem 0.6rem;
  border-radius: 1rem;
  background: var(--soft);
  font-size: 0.9em;
}

.stars {
  color: var(--accent);
  letter-spacing: 0.1em;
  white-space: nowrap;
}

.pager {
  display: flex;
  align-items: center;
  justify-content: space-between;
  margin-top: 1rem;
  color: var(--muted);
}

/* Forms */

.search {
  display: flex;
  gap: 0.5rem;
  max-width: 30rem;
  margin-bottom: 1.2rem;
}

.field {
  max-width: 36rem;
  margin: 0 0 1.1rem;
  padding: 0;
  border: 0;
}

.field > label,
.field > legend {
  display: block;
  margin-bottom: 0.25rem;
  padding: 0;
  font-weight: 600;
}

.field small {
  font-weight: 400;
}

.check {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.6rem;
}

.check > label {
  margin: 0;
}

.option {
  display: block;
  padding: 0.15rem 0;
}

input:not([type='checkbox']),
select,
textarea {
  width: 100%;
  padding: 0.55rem 0.75rem;
  border: 1px solid hsl(var(--hue) 10% 55%);
  border-radius: 0.55rem;
  background: var(--surface);
  color: var(--text);
  font: inherit;
}

input[type='checkbox'] {
  width: 1.15rem;
  height: 1.15rem;
  margin: 0;
  accent-color: var(--accent);
  vertical-align: -0.2em;
}

[aria-invalid='true'] {
  border-color: var(--danger) !important;
}

.error {
  margin: 0.3rem 0 0;
  color: var(--danger);
  font-size: 0.95rem;
}

.problems {
  max-width: 36rem;
  margin: 0 0 1.2rem;
  padding: 0.8rem 1.2rem;
  border-left: 4px solid var(--danger);
  border-radius: 0.5rem;
  background: var(--danger-soft);
}

.problems p,
.problems ul {
  margin: 0;
}

.problems a {
  color: var(--danger);
}

.narrow {
  max-width: 26rem;
  margin: 2rem auto;
}

.visually-hidden,
.skip:not(:focus) {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

/* Narrow screens: a row of a table becomes a card */

@media (max-width: 40rem) {
  .records,
  .records tbody,
  .records tr,
  .records th,
  .records td {
    display: block;
  }

  .records {
    border: 0;
    background: none;
  }

  .records thead {
    display: none;
  }

  .records tbody tr {
    margin-bottom: 0.7rem;
    padding: 0.7rem 1rem;
    border: 1px solid var(--line);
    border-radius: 0.9rem;
    background: var(--surface);
  }

  .records tbody th,
  .records tbody td[data-label] {
    padding: 0.15rem 0;
    border: 0;
    text-align: left;
  }

  .records tbody th {
    font-size: 1.05rem;
  }

  .records tbody td::before {
    content: attr(data-label) ': ';
    color: var(--muted);
  }

  .records tbody td:has(.none) {
    display: none;
  }

  .facts div {
    grid-template-columns: 1fr;
    gap: 0;
  }

  .account {
    margin-left: 0;
  }
}
`;
