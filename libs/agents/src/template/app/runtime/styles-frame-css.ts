import { source } from '../source.js';

/** public/styles.css: the frame of the page, buttons. */
export const stylesFrameCss = source`
/* Frame: navigation beside the page, above it on narrow screens */

.side {
  display: flex;
  flex-direction: column;
  gap: 0.4rem;
  padding: 0.8rem 1rem 0;
  border-bottom: 1px solid var(--line);
  background: var(--surface);
}

.brand {
  display: flex;
  align-items: center;
  gap: 0.65rem;
  color: var(--text);
  font-size: 1.08rem;
  font-weight: 700;
  letter-spacing: -0.01em;
  line-height: 1.25;
  text-decoration: none;
}

.brand img {
  flex: none;
}

.side ul {
  display: flex;
  gap: 0.15rem;
  margin: 0 -1rem;
  padding: 0.2rem 1rem 0.5rem;
  overflow-x: auto;
  list-style: none;
  scrollbar-width: none;
}

.side li a {
  display: block;
  padding: 0.42rem 0.7rem;
  border-radius: 0.5rem;
  color: var(--muted);
  font-weight: 500;
  text-decoration: none;
  white-space: nowrap;
}

.side li a:hover {
  background: var(--soft);
  color: var(--text);
}

.side li a[aria-current='page'] {
  background: var(--soft);
  color: var(--accent-strong);
  font-weight: 650;
}

.side .group {
  display: none;
}

.account {
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: 0.6rem;
  padding-bottom: 0.7rem;
  color: var(--muted);
  font-size: 0.88rem;
}

.account span {
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
}

main {
  max-width: 76rem;
  padding: 1.4rem 1rem 4rem;
}

@media (min-width: 56rem) {
  body {
    display: grid;
    grid-template-columns: 15.5rem minmax(0, 1fr);
    min-height: 100vh;
  }

  body:not(:has(.side nav)) {
    grid-template-columns: 1fr;
    grid-template-rows: auto 1fr;
  }

  .side:has(nav) {
    position: sticky;
    top: 0;
    gap: 1.3rem;
    height: 100vh;
    padding: 1.5rem 0.9rem 1rem;
    border-right: 1px solid var(--line);
    border-bottom: 0;
    overflow-y: auto;
  }

  .side:not(:has(nav)) {
    padding-bottom: 0.8rem;
  }

  .side .brand {
    padding: 0 0.6rem;
  }

  .side nav {
    flex: 1;
  }

  .side ul {
    flex-direction: column;
    margin: 0;
    padding: 0;
    overflow: visible;
  }

  .side li a {
    white-space: normal;
  }

  .side .group {
    display: block;
    margin: 1.3rem 0 0.3rem;
    padding: 0 0.7rem;
    color: var(--muted);
    font-size: 0.76rem;
    font-weight: 650;
    letter-spacing: 0.06em;
    text-transform: uppercase;
  }

  .account {
    flex-direction: column;
    align-items: stretch;
    padding: 0.8rem 0.6rem 0;
    border-top: 1px solid var(--line);
  }

  main {
    padding: 2.2rem 2.6rem 5rem;
  }
}

/* Buttons */

button,
.button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  min-height: 2.6rem;
  padding: 0.45rem 1rem;
  border: 1px solid var(--accent);
  border-radius: 0.55rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 620;
  line-height: 1.3;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}

button:hover,
.button:hover {
  border-color: var(--accent-strong);
  background: var(--accent-strong);
  color: var(--on-accent);
}

.quiet,
.quiet:hover {
  border-color: var(--line);
  background: var(--surface);
  color: var(--text);
}

.quiet:hover {
  border-color: var(--edge);
}

.small {
  min-height: 2.1rem;
  padding: 0.25rem 0.75rem;
  font-size: 0.9rem;
}

.danger,
.danger:hover {
  border-color: var(--danger);
  background: var(--danger);
  color: var(--surface);
}

.actions,
.actions form {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.55rem;
}
`;
