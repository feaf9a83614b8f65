import { source } from '../source.js';

/** public/styles.css: headings, notes and cards. */
export const stylesPartsCss = source`
/* Headings and notes */

.heading {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: 0.6rem 1.2rem;
  margin-bottom: 1.2rem;
}

.trail {
  margin: 0 0 0.35rem;
  color: var(--muted);
  font-size: 0.92rem;
}

.trail a {
  color: var(--muted);
}

.today,
.about,
.hint,
.none,
.history {
  color: var(--muted);
}

.about {
  max-width: 44rem;
  margin: 0.3rem 0 1.4rem;
}

.today {
  margin: 0;
}

.count {
  display: inline-block;
  min-width: 1.8em;
  padding: 0.1rem 0.55rem;
  border-radius: 1rem;
  background: var(--soft);
  color: var(--muted);
  font-size: 0.85rem;
  font-weight: 600;
  font-variant-numeric: tabular-nums;
  letter-spacing: 0;
  line-height: 1.5;
  text-align: center;
  vertical-align: 0.15em;
}

.notice,
.note {
  margin: 0 0 1.2rem;
  padding: 0.7rem 1rem;
  border: 1px solid var(--line);
  border-left: 4px solid var(--accent);
  border-radius: 0.55rem;
  background: var(--surface);
}

.note {
  justify-content: space-between;
  border-left-color: var(--edge);
  color: var(--muted);
}

.history {
  margin-top: 2rem;
  font-size: 0.88rem;
}

.tools {
  display: flex;
  flex-wrap: wrap;
  gap: 0.4rem 1.4rem;
  margin-top: 1.4rem;
  font-size: 0.92rem;
}

section + section,
.related,
.cards + section {
  margin-top: 2.2rem;
}

section > h2,
.related .heading {
  margin-bottom: 0.7rem;
}

/* Cards of the overview */

.tiles,
.cards {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 15.5rem), 1fr));
  gap: 1rem;
  margin-bottom: 1rem;
}

.cards.wide {
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr));
  margin-top: 2.2rem;
}

.card,
.tile {
  padding: 1.15rem 1.25rem;
  border: 1px solid var(--line);
  border-radius: 0.8rem;
  background: var(--surface);
  box-shadow: var(--shadow);
}

.cards .card {
  display: flex;
  flex-direction: column;
  margin: 0;
}

.card h2 {
  display: flex;
  align-items: baseline;
  justify-content: space-between;
  gap: 0.8rem;
}

.card > .foot {
  margin: auto 0 0;
  padding-top: 0.9rem;
}

.figure {
  font-size: 1.9rem;
  font-weight: 700;
  font-variant-numeric: tabular-nums;
  letter-spacing: -0.03em;
  line-height: 1.15;
}

.card h2 .figure {
  font-size: 1.3rem;
}

.tile {
  display: flex;
  flex-direction: column;
  gap: 0.15rem;
  color: var(--muted);
  text-decoration: none;
}

.tile.some {
  border-left: 4px solid var(--accent);
}

.tile .figure {
  color: var(--text);
}

.tile:hover {
  border-color: var(--accent);
  color: var(--text);
}

.newest {
  margin: 0.7rem 0 0;
  padding: 0;
  list-style: none;
}

.newest li {
  padding: 0.3rem 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.newest li + li {
  border-top: 1px solid var(--line);
}

.newest a {
  color: inherit;
  text-decoration: none;
}

.newest a:hover {
  color: var(--accent);
  text-decoration: underline;
}

.welcome,
.empty {
  padding: 2.4rem 1.4rem;
  border: 1px dashed var(--edge);
  border-radius: 0.8rem;
  background: var(--raised);
  text-align: center;
}

.welcome {
  margin-bottom: 1.6rem;
}

.welcome p {
  max-width: 34rem;
  margin: 0.6rem auto 1.1rem;
}

.empty {
  padding: 1.8rem 1.2rem;
  color: var(--muted);
}

.welcome .actions,
.empty .actions {
  justify-content: center;
}

.plain {
  max-width: 34rem;
  margin: 8vh auto;
}
`;
