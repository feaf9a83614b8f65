import { source } from '../source.js';

/** public/styles.css: search and forms. */
export const stylesFormsCss = source`
/* Search, filters and forms */

.filter {
  margin-bottom: 1.2rem;
}

.searchbar {
  display: flex;
  gap: 0.5rem;
  max-width: 32rem;
}

.filter summary {
  display: inline-block;
  margin-top: 0.6rem;
  color: var(--accent);
  cursor: pointer;
}

.filters {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr));
  gap: 0.8rem;
  align-items: end;
  margin-top: 0.6rem;
  padding: 1rem;
  border: 1px solid var(--line);
  border-radius: 0.8rem;
  background: var(--surface);
}

.filters label {
  display: block;
  margin-bottom: 0.2rem;
  color: var(--muted);
  font-size: 0.88rem;
}

.filters .actions {
  margin: 0;
}

.form {
  max-width: 42rem;
  margin-top: 1.2rem;
  padding: 1.5rem;
}

.form > .actions {
  margin: 1.6rem 0 0;
}

.field {
  margin: 0 0 1.15rem;
  padding: 0;
  border: 0;
}

.field > label,
.field > legend {
  display: block;
  margin-bottom: 0.3rem;
  padding: 0;
  font-weight: 600;
}

.field .hint,
.field .error {
  margin: 0 0 0.35rem;
  font-size: 0.92rem;
}

.field:is(.number, .integer, .money, .date, .time, .datetime, .rating) > :is(input, select) {
  max-width: 16rem;
}

.check {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.2rem 0.6rem;
}

.check > label {
  margin: 0;
}

.options {
  max-height: 15rem;
  overflow-y: auto;
}

.option {
  display: block;
  padding: 0.25rem 0.2rem;
}

input:not([type='checkbox'], [type='file']),
select,
textarea {
  width: 100%;
  min-height: 2.6rem;
  padding: 0.45rem 0.75rem;
  border: 1px solid var(--edge);
  border-radius: 0.5rem;
  background: var(--surface);
  color: var(--text);
  font: inherit;
}

::placeholder {
  color: var(--muted);
  opacity: 1;
}

input[type='checkbox'] {
  width: 1.2rem;
  height: 1.2rem;
  margin: 0 0.2rem 0 0;
  accent-color: var(--accent);
  vertical-align: -0.22em;
}

[aria-invalid='true'] {
  border-color: var(--danger) !important;
  box-shadow: 0 0 0 1px var(--danger);
}

.error {
  color: var(--danger);
  font-weight: 550;
}

.problems {
  margin: 0 0 1.3rem;
  padding: 0.8rem 1.1rem;
  border-left: 4px solid var(--danger);
  border-radius: 0.5rem;
  background: var(--danger-soft);
}

.problems :is(p, ul) {
  margin: 0;
}

.problems ul {
  padding-left: 1.1rem;
}

.problems a {
  color: var(--danger);
}

.narrow {
  max-width: 27rem;
  margin: 4vh auto;
}

.narrow .card {
  margin: 1.2rem 0;
  padding: 1.5rem;
}

.accounts {
  max-width: 46rem;
  margin: 0;
  list-style: none;
}

.accounts form {
  display: grid;
  grid-template-columns: minmax(0, 1fr) minmax(8rem, 14rem) auto;
  gap: 0.6rem;
  align-items: center;
  padding: 0.5rem 0;
}
`;
