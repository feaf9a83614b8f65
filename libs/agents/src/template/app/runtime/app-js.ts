import { source } from '../source.js';

/** public/app.js: what makes the pages handier where JavaScript runs; nothing depends on it. */
export const appJs = source`/* What makes the pages a little handier. Everything works without it. */

// A filter applies as soon as it is chosen.
for (const form of document.querySelectorAll('form[data-live]')) {
  form.addEventListener('change', (event) => {
    if (event.target.matches('select')) form.requestSubmit();
  });
  // Fields that were left empty only make the address longer.
  form.addEventListener('formdata', ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === '') formData.delete(name);
  });
}

// A slash puts the cursor into the search.
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target.closest('input, textarea, select')) return;
  const search = document.querySelector('#search');
  if (!search) return;
  event.preventDefault();
  search.focus();
});

// A form is sent once, however often its button is pressed.
document.addEventListener('submit', (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = 'yes';
});
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
});
`;
