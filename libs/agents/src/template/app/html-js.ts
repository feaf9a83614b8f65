import { source } from './source.js';

/** src/html.js: escaping and the frame of a page. */
export const htmlJs = source`import { entities, lists, schema, capital } from './schema.js';

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

class Html {
  constructor(text) {
    this.text = text;
  }
  toString() {
    return this.text;
  }
}

const escape = (value) => String(value).replace(/[&<>"']/g, (character) => ENTITIES[character]);

function render(value) {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(render).join('');
  if (value === null || value === undefined || value === false) return '';
  return escape(value);
}

/** Template tag for HTML: every inserted value is escaped unless it is HTML made by this tag. */
export function html(strings, ...values) {
  return new Html(strings.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

/** A whole page. \`here\` is the path of the navigation entry to mark. */
export function layout({ title, here = '', content, account = null, notice = null, signedOut = false }) {
  const link = (path, label) => html\`<a href="\${path}" \${path === here ? html\`aria-current="page"\` : ''}>\${label}</a>\`;
  return html\`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>\${title === schema.title ? title : \`\${title} · \${schema.title}\`}</title>
<link rel="stylesheet" href="/assets/styles.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
  <a class="brand" href="/">\${schema.title}</a>
  \${
    !signedOut &&
    html\`<nav aria-label="Main">
    \${entities.map((entity) => link(\`/\${entity.path}\`, capital(entity.label_plural)))}
    \${lists.map((list) => link(\`/lists/\${list.path}\`, list.label))}
  </nav>\`
  }
  \${account}
</header>
<main id="content">
\${notice && html\`<p class="notice" role="status">\${notice}</p>\`}
\${content}
</main>
</body>
</html>
\`;
}
`;
