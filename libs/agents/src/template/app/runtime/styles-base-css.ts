import { source } from '../source.js';

/** public/styles.css: colours and type. */
export const stylesBaseCss = source`:root {
  color-scheme: light dark;
  --hue: __HUE__;
  --back: hsl(var(--hue) 25% 97.5%);
  --surface: #fff;
  --raised: hsl(var(--hue) 30% 99%);
  --text: hsl(var(--hue) 28% 12%);
  --muted: hsl(var(--hue) 10% 39%);
  --line: hsl(var(--hue) 18% 89%);
  --edge: hsl(var(--hue) 10% 55%);
  --accent: hsl(var(--hue) 60% 31%);
  --accent-strong: hsl(var(--hue) 64% 24%);
  --on-accent: #fff;
  --soft: hsl(var(--hue) 40% 94%);
  --track: hsl(var(--hue) 25% 91%);
  --danger: hsl(3 66% 42%);
  --danger-soft: hsl(3 80% 96%);
  --tone: 55% 28%;
  --tone-back: 62% 93%;
  --shadow: 0 1px 2px hsl(var(--hue) 30% 20% / 6%), 0 4px 14px hsl(var(--hue) 30% 20% / 4%);
}

@media (prefers-color-scheme: dark) {
  :root {
    --back: hsl(var(--hue) 16% 8%);
    --surface: hsl(var(--hue) 14% 11.5%);
    --raised: hsl(var(--hue) 14% 14%);
    --text: hsl(var(--hue) 15% 93%);
    --muted: hsl(var(--hue) 10% 68%);
    --line: hsl(var(--hue) 12% 21%);
    --edge: hsl(var(--hue) 10% 48%);
    --accent: hsl(var(--hue) 60% 74%);
    --accent-strong: hsl(var(--hue) 66% 82%);
    --on-accent: hsl(var(--hue) 45% 10%);
    --soft: hsl(var(--hue) 18% 19%);
    --track: hsl(var(--hue) 12% 20%);
    --danger: hsl(4 90% 76%);
    --danger-soft: hsl(3 35% 17%);
    --tone: 65% 82%;
    --tone-back: 28% 20%;
    --shadow: none;
  }
}

*,
::before,
::after {
  box-sizing: border-box;
}

body {
  margin: 0;
  background: var(--back);
  color: var(--text);
  font-family:
    system-ui,
    -apple-system,
    'Segoe UI',
    Roboto,
    'Noto Sans',
    'Liberation Sans',
    sans-serif;
  line-height: 1.55;
  overflow-wrap: break-word;
}

h1,
h2 {
  margin: 0;
  font-weight: 680;
  letter-spacing: -0.015em;
  line-height: 1.25;
  text-wrap: balance;
}

h1 {
  font-size: clamp(1.55rem, 1.3rem + 1.1vw, 2rem);
}

h2 {
  font-size: 1.12rem;
}

h2 a {
  color: inherit;
  text-decoration: none;
}

h2 a:hover {
  text-decoration: underline;
}

p {
  margin: 0.6rem 0;
}

a {
  color: var(--accent);
  text-decoration-thickness: 1px;
  text-underline-offset: 0.18em;
}

a:hover {
  color: var(--accent-strong);
  text-decoration-thickness: 2px;
}

code {
  padding: 0.1rem 0.35rem;
  border-radius: 0.3rem;
  background: var(--soft);
  font-size: 0.88em;
}

small {
  color: var(--muted);
  font-size: 0.85em;
  font-weight: 400;
}

:focus-visible {
  border-radius: 0.3rem;
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}

main:focus {
  outline: none;
}
`;
