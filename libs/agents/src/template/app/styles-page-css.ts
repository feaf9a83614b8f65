import { source } from './source.js';

/** First half of public/styles.css: colours, top, buttons and overview. */
export const stylesPageCss = source`:root {
  color-scheme: light dark;
  --hue: __HUE__;
  --back: hsl(var(--hue) 30% 97%);
  --surface: #fff;
  --text: hsl(var(--hue) 25% 13%);
  --muted: hsl(var(--hue) 10% 40%);
  --line: hsl(var(--hue) 18% 87%);
  --accent: hsl(var(--hue) 60% 34%);
  --on-accent: #fff;
  --soft: hsl(var(--hue) 45% 93%);
  --danger: #b3261e;
  --danger-soft: #fdecea;
}

@media (prefers-color-scheme: dark) {
  :root {
    --back: hsl(var(--hue) 18% 9%);
    --surface: hsl(var(--hue) 15% 13%);
    --text: hsl(var(--hue) 15% 92%);
    --muted: hsl(var(--hue) 10% 67%);
    --line: hsl(var(--hue) 12% 25%);
    --accent: hsl(var(--hue) 62% 72%);
    --on-accent: hsl(var(--hue) 40% 10%);
    --soft: hsl(var(--hue) 20% 20%);
    --danger: #ff9c94;
    --danger-soft: #3b1b19;
  }
}

* {
  box-sizing: border-box;
}

body {
  margin: 0;
  background: var(--back);
  color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  overflow-wrap: break-word;
}

a {
  color: var(--accent);
  text-underline-offset: 0.18em;
}

:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}

/* Top of every page */

.top {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.3rem 1.5rem;
  padding: 0.7rem max(1rem, calc((100% - 66rem) / 2));
  background: var(--surface);
  border-bottom: 1px solid var(--line);
}

.brand {
  color: var(--text);
  font-size: 1.1rem;
  font-weight: 700;
  text-decoration: none;
}

.top nav {
  display: flex;
  flex-wrap: wrap;
  gap: 0.2rem;
  margin-left: -0.7rem;
}

.top nav a {
  padding: 0.35rem 0.7rem;
  border-radius: 0.5rem;
  color: var(--muted);
  text-decoration: none;
}

.top nav a:hover,
.top nav a[aria-current='page'] {
  background: var(--soft);
  color: var(--text);
}

.account {
  display: flex;
  align-items: center;
  gap: 0.8rem;
  margin-left: auto;
  color: var(--muted);
  font-size: 0.9rem;
}

main {
  max-width: 68rem;
  margin: 0 auto;
  padding: 1.5rem 1rem 4rem;
}

h1 {
  margin: 0.2rem 0 1rem;
  font-size: 1.7rem;
  line-height: 1.25;
}

h2 {
  margin: 2rem 0 0.7rem;
  font-size: 1.15rem;
}

h2 a {
  color: inherit;
  text-decoration: none;
}

h2 a:hover {
  text-decoration: underline;
}

.heading {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: 0 1rem;
  margin-bottom: 0.5rem;
}

.trail {
  margin: 0;
  font-size: 0.9rem;
}

.count {
  display: inline-block;
  min-width: 1.7em;
  padding: 0.05rem 0.5rem;
  border-radius: 1rem;
  background: var(--soft);
  color: var(--muted);
  font-size: 0.8rem;
  font-weight: 600;
  text-align: center;
  vertical-align: middle;
}

.none,
.hint,
small {
  color: var(--muted);
}

.notice {
  padding: 0.6rem 1rem;
  border-radius: 0.6rem;
  background: var(--soft);
}

/* Buttons */

button,
.button {
  display: inline-block;
  padding: 0.5rem 1rem;
  border: 1px solid var(--accent);
  border-radius: 0.6rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  line-height: 1.4;
  text-decoration: none;
  cursor: pointer;
}

button:hover,
.button:hover {
  filter: brightness(1.08);
}

.quiet {
  border-color: var(--line);
  background: transparent;
  color: var(--text);
}

.danger {
  border-color: var(--danger);
  background: var(--danger);
  color: var(--surface);
}

.actions {
  display: flex;
  flex-wrap: wrap;
  gap: 0.6rem;
  margin: 0.5rem 0;
}

/* Overview */

.cards {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr));
  gap: 1rem;
}

.cards.wide {
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
  margin-top: 2rem;
}

.card {
  padding: 1.1rem 1.2rem;
  border: 1px solid var(--line);
  border-radius: 0.9rem;
  background: var(--surface);
}

.card h2 {
  margin: 0;
}

.card p {
  margin: 0.4rem 0 0;
}

.card .figure {
  margin: 0.2rem 0 0.8rem;
  font-size: 2.2rem;
  font-weight: 700;
  line-height: 1.2;
}

.totals {
  margin: 0.6rem 0 0;
}

.totals div {
  display: flex;
  justify-content: space-between;
  gap: 1rem;
  padding: 0.35rem 0;
  border-top: 1px solid var(--line);
}

.totals dd {
  margin: 0;
  font-variant-numeric: tabular-nums;
  font-weight: 600;
}

`;
