import { source } from '../source.js';
/** src/pages/accounts.js, where people sign in: signing in and up, and giving roles. */
export const accountPagesJs = source`import { roles } from '../access.js'; //@roles
import { html } from '../html.js';
import { APP_TITLE } from './layout.js';
import { problems } from './parts.js';
const FIELDS = [{ name: 'email' }, { name: 'password' }];
function accountForm({ title, action, submit, autocomplete, email, problem, below }) {
  const errors = problem?.errors ?? {};
  const note = (name) => errors[name] && html\`<p class="error" id="field-\${name}-error">\${errors[name]}</p>\`;
  const invalid = (name) => errors[name] && html\`aria-invalid="true" aria-describedby="field-\${name}-error"\`;
  const content = html\`<div class="narrow"><h1>\${title}</h1>
    <form class="card" method="post" action="\${action}" novalidate>
      \${problems(FIELDS, errors, problem?.message)}
      <div class="field"><label for="field-email">E-mail address</label>
        <input type="email" id="field-email" name="email" value="\${email ?? ''}" autocomplete="username" required \${invalid('email')}>\${note('email')}</div>
      <div class="field"><label for="field-password">Password</label>
        <input type="password" id="field-password" name="password" autocomplete="\${autocomplete}" required \${invalid('password')}>\${note('password')}</div>
      <p class="actions"><button type="submit">\${submit}</button></p>
    </form>\${below}</div>\`;
  return { title, content };
}
export const signInPage = ({ email, problem, open }) =>
  accountForm({
    title: \`Sign in to \${APP_TITLE}\`,
    action: '/sign-in',
    submit: 'Sign in',
    autocomplete: 'current-password',
    email,
    problem,
    below: open && html\`<p>No account yet? <a href="/sign-up">Create one.</a></p>\`,
  });
export const signUpPage = ({ email, problem }) =>
  accountForm({
    title: 'Create an account',
    action: '/sign-up',
    submit: 'Create account',
    autocomplete: 'new-password',
    email,
    problem,
    below: html\`<p>The password needs at least 10 characters. <a href="/sign-in">Sign in instead.</a></p>\`,
  });
//#if roles
/** Who has which role, for those who give them. */
export function accountsPage(accounts, hidden) {
  const option = (role, account) =>
    html\`<option value="\${role.name}" \${role.name === account.role && html\`selected\`}>\${role.label}</option>\`;
  const row = (account, at) => html\`<li><form method="post" action="/accounts">\${hidden}
    <input type="hidden" name="email" value="\${account.email}"><label for="role-\${at}">\${account.email}</label>
    <select id="role-\${at}" name="role">\${roles.map((role) => option(role, account))}</select>
    <button type="submit" class="quiet">Save</button></form></li>\`;
  const content = html\`<h1>Accounts <span class="count">\${accounts.length}</span></h1>
    <p class="about">A new account begins as \${roles.at(-1).label}. Everybody with the role \${roles[0].label} can do everything and give roles.</p>
    <ul class="card accounts">\${accounts.map(row)}</ul>\`;
  return { title: 'Accounts', content };
}
//#endif
`;
