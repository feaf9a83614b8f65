import { source } from '../source.js';

/** src/pages/layout.js: the frame of every page. */
export const layoutJs = source`import { FIRST_ROLE } from '../access.js'; //@roles
import { capital } from '../fields.js';
import { html } from '../html.js';
import { lists } from '../lists.js'; //@lists
import { kindNamed, kinds } from '../records/index.js'; //@lists
import { kinds } from '../records/index.js'; //@!lists

export const APP_TITLE = __TITLE__;

/** A whole page. \`here\` is its path; without a \`visit\` there is neither navigation nor account. */
export function layout({ title, here = '', content, notice = null, visit = null }) {
  return html\`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>\${title === APP_TITLE ? title : \`\${title} · \${APP_TITLE}\`}</title>
<link rel="stylesheet" href="/assets/styles.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<script src="/assets/app.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="side">
  <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="28" height="28">\${APP_TITLE}</a>
  \${visit && navigation(here, visit)}
  \${visit && accountMenu(visit)} //@sign_in
</header>
<main id="content" tabindex="-1">
\${notice && html\`<p class="notice" role="status">\${notice}</p>\`}
\${content}
</main>
</body>
</html>
\`;
}

function navigation(here, visit) {
  const inside = (path) => (path === '/' ? here === '/' : here === path || here.startsWith(\`\${path}/\`));
  const link = (path, label) =>
    html\`<li><a href="\${path}" \${inside(path) && html\`aria-current="page"\`}>\${label}</a></li>\`;
  const shown = kinds.filter((kind) => visit.records.allows('view', kind)); //@access
  const shown = kinds; //@!access
//#if lists
  const shownLists = lists.filter((list) => shown.includes(kindNamed(list.kind)));
//#endif
  return html\`<nav aria-label="Main"><ul>
    \${link('/', 'Overview')}
    \${shown.map((kind) => link(\`/\${kind.path}\`, capital(kind.plural)))}
    \${shownLists.length > 0 && html\`<li class="group" aria-hidden="true">Lists</li>\`} //@lists
    \${shownLists.map((list) => link(\`/lists/\${list.path}\`, list.label))} //@lists
    \${visit.account.role === FIRST_ROLE && html\`<li class="group" aria-hidden="true">Administration</li>\${link('/accounts', 'Accounts')}\`} //@roles
  </ul></nav>\`;
}
//#if sign_in

const accountMenu = ({ account, hidden }) => html\`<form class="account" method="post" action="/sign-out">
  <span title="Signed in">\${account.email}</span>\${hidden}<button type="submit" class="quiet small">Sign out</button></form>\`;
//#endif
`;
