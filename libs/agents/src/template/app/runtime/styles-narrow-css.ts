import { source } from '../source.js';

/** public/styles.css: narrow screens, print and small things. */
export const stylesNarrowCss = source`
/* Narrow screens: a row of a table becomes a card */

@media (max-width: 44rem) {
  .scroll {
    border: 0;
    background: none;
    box-shadow: none;
    overflow: visible;
  }

  .records,
  .records tbody,
  .records tr,
  .records th,
  .records td {
    display: block;
  }

  .records thead {
    display: none;
  }

  .records tbody tr {
    margin-bottom: 0.7rem;
    padding: 0.8rem 1rem;
    border: 1px solid var(--line);
    border-radius: 0.8rem;
    background: var(--surface);
    box-shadow: var(--shadow);
  }

  .records tbody tr > :is(th, td) {
    padding: 0.16rem 0;
    border: 0;
    text-align: left;
  }

  .records :is(.number, .integer, .money) {
    text-align: left;
  }

  .records tbody th {
    padding-bottom: 0.35rem;
    font-size: 1.05rem;
  }

  .records tbody td {
    display: grid;
    grid-template-columns: 8rem minmax(0, 1fr);
    gap: 0.8rem;
  }

  .records tbody td::before {
    content: attr(data-label);
    color: var(--muted);
  }

  .records tbody td > * {
    justify-self: start;
  }

  .records tbody td:has(> .none) {
    display: none;
  }

  .facts div {
    grid-template-columns: 8rem minmax(0, 1fr);
  }

  .accounts form {
    grid-template-columns: 1fr;
  }

  .form,
  .narrow .card {
    padding: 1.1rem;
  }
}

/* Small things */

.visually-hidden,
.skip:not(:focus) {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

.skip:focus {
  position: fixed;
  z-index: 2;
  top: 0.6rem;
  left: 0.6rem;
  padding: 0.5rem 1rem;
  border-radius: 0.5rem;
  background: var(--surface);
}

@media (prefers-reduced-motion: no-preference) {
  a,
  button,
  .button,
  .tile {
    transition:
      background-color 0.12s,
      border-color 0.12s,
      color 0.12s;
  }
}

@media print {
  .side,
  .actions,
  .filter,
  .tools,
  .pager,
  .skip {
    display: none !important;
  }

  body {
    display: block;
    background: none;
  }
}
`;
