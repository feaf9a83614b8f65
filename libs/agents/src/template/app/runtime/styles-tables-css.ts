import { source } from '../source.js';

/** public/styles.css: tables, records and totals. */
export const stylesTablesCss = source`
/* Tables of records */

.scroll {
  border: 1px solid var(--line);
  border-radius: 0.8rem;
  overflow-x: auto;
  background: var(--surface);
  box-shadow: var(--shadow);
}

.records {
  width: 100%;
  border-collapse: collapse;
}

.records th,
.records td {
  padding: 0.7rem 1rem;
  text-align: left;
  vertical-align: top;
}

.records thead th {
  border-bottom: 1px solid var(--line);
  background: var(--raised);
  color: var(--muted);
  font-size: 0.84rem;
  font-weight: 600;
  white-space: nowrap;
}

.records thead a {
  color: inherit;
  text-decoration: none;
}

.records thead a:hover {
  color: var(--text);
  text-decoration: underline;
}

.records [aria-sort] a {
  color: var(--text);
}

.records [aria-sort] a::after {
  content: ' ↑';
}

.records [aria-sort='descending'] a::after {
  content: ' ↓';
}

.records tbody tr + tr > * {
  border-top: 1px solid var(--line);
}

.records tbody tr:hover {
  background: var(--raised);
}

.records tbody th {
  min-width: 9rem;
  font-weight: 600;
}

.records tbody th a {
  text-decoration: none;
}

.records tbody th a:hover {
  text-decoration: underline;
}

.number,
.integer,
.money {
  font-variant-numeric: tabular-nums;
}

.records .number,
.records .integer,
.records .money {
  text-align: right;
}

.records time,
.records .money {
  white-space: nowrap;
}

.links {
  margin: 0;
  padding: 0;
  list-style: none;
}

.long {
  white-space: pre-wrap;
}

.tag {
  display: inline-block;
  padding: 0.08rem 0.6rem;
  border-radius: 1rem;
  background: var(--soft);
  font-size: 0.88em;
  font-weight: 550;
  white-space: nowrap;
}

.tag.good,
.yesno.yes {
  --tone-hue: 150;
}

.tag.bad {
  --tone-hue: 3;
}

.tag.busy {
  --tone-hue: 38;
}

.tag.new {
  --tone-hue: 212;
}

.tag:is(.good, .bad, .busy, .new) {
  background: hsl(var(--tone-hue) var(--tone-back));
  color: hsl(var(--tone-hue) var(--tone));
}

.yesno.yes {
  color: hsl(var(--tone-hue) var(--tone));
  font-weight: 600;
}

.yesno.no {
  color: var(--muted);
}

h1 .tag {
  font-size: 0.5em;
  letter-spacing: 0;
  vertical-align: 0.35em;
}

.stars {
  color: var(--accent);
  letter-spacing: 0.08em;
  white-space: nowrap;
}

.pager {
  display: flex;
  align-items: center;
  justify-content: space-between;
  margin-top: 1rem;
  color: var(--muted);
}

/* One record */

.facts,
.values {
  margin: 0;
  padding: 0.35rem 1.25rem;
  border: 1px solid var(--line);
  border-radius: 0.8rem;
  background: var(--surface);
  box-shadow: var(--shadow);
}

.facts div {
  display: grid;
  grid-template-columns: minmax(8rem, 13rem) minmax(0, 1fr);
  gap: 0.1rem 1.2rem;
  padding: 0.65rem 0;
}

.facts div + div {
  border-top: 1px solid var(--line);
}

dt {
  color: var(--muted);
}

dd {
  margin: 0;
}

.values {
  display: flex;
  flex-wrap: wrap;
  gap: 0.4rem 2.6rem;
  margin-bottom: 1rem;
  padding: 0.9rem 1.25rem;
}

.values dt {
  font-size: 0.88rem;
}

.values dd {
  font-size: 1.35rem;
  font-weight: 680;
  font-variant-numeric: tabular-nums;
  letter-spacing: -0.02em;
}

/* Totals */

.total > .figure {
  margin: 0.5rem 0 0;
}

.chart {
  width: 100%;
  margin-top: 0.7rem;
  border-collapse: collapse;
}

.chart th {
  width: 34%;
  padding: 0.32rem 0.8rem 0.32rem 0;
  font-weight: 450;
  text-align: left;
}

.chart td {
  padding: 0.32rem 0;
  font-weight: 620;
  font-variant-numeric: tabular-nums;
  text-align: right;
  white-space: nowrap;
}

.chart .bars {
  width: 46%;
  padding-left: 0.9rem;
}

.bar {
  display: block;
  width: 100%;
  height: 0.6rem;
  border-radius: 0.3rem;
}

.track {
  fill: var(--track);
}

.fill {
  fill: var(--accent);
}

.columns {
  display: block;
  width: 100%;
  margin-top: 0.8rem;
}

.axis {
  stroke: var(--line);
  stroke-width: 1;
}

.ends {
  display: flex;
  justify-content: space-around;
  gap: 0.3rem;
  margin: 0.3rem 0;
  text-align: center;
  color: var(--muted);
  font-size: 0.85rem;
}

.total details summary {
  color: var(--muted);
  font-size: 0.9rem;
  cursor: pointer;
}

.ends.first-and-last {
  justify-content: space-between;
}
`;
