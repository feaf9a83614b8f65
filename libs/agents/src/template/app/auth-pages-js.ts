import { source } from './source.js';

/** src/auth-pages.js, where people sign in: its two pages. */
export const authPagesJs = source`import { problems } from './forms.js';
import { html } from './html.js';
import { schema } from './schema.js';

const FIELDS = [{ name: 'email' }, { name: 'password' }];

function accountForm({ title, action, submit, autocomplete, email, problem, below }) {
  const errors = problem?.errors ?? {};
  const note = (name) => errors[name] && html\`<p class="error" id="field-\${name}-error">\${errors[name]}</p>\`;
  const invalid = (name) => errors[name] && html\`aria-invalid="true" aria-describedby="field-\${name}-error"\`;
  const content = html\`<div class="narrow"><h1>\${title}</h1>
    <form method="post" action="\${action}" novalidate>
      \${problems(FIELDS, errors, problem?.message)}
      <div class="field"><label for="field-email">E-mail address</label>
        <input type="email" id="field-email" name="email" value="\${email ?? ''}" autocomplete="username" required \${invalid('email')}>\${note('email')}</div>
      <div class="field"><label for="field-password">Password</label>
        <input type="password" id="field-password" name="password" autocomplete="\${autocomplete}" required \${invalid('password')}>\${note('password')}</div>
      <p class="actions"><button type="submit">\${submit}</button></p>
    </form>\${below}</div>\`;
  return { title, content, signedOut: true };
}

export const signInPage = ({ email, problem, open }) =>
  accountForm({
    title: \`Sign in to \${schema.title}\`,
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
`;
