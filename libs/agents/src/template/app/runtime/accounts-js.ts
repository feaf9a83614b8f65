import { source } from '../source.js';
/** src/accounts.js, where people sign in: accounts and sessions. */
export const accountsJs = source`import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { FIRST_ROLE, LAST_ROLE, roles } from './access.js'; //@roles
import { Problem } from './fields.js';
import { html } from './html.js';
import { readForm, readJson, redirect, sendHtml, sendJson } from './http.js';
import { accountsPage, signInPage, signUpPage } from './pages/accounts.js'; //@roles
import { signInPage, signUpPage } from './pages/accounts.js'; //@!roles
import { layout } from './pages/layout.js';
import { openRecords } from './repository.js'; //@roles
const hashPassword = promisify(scrypt);
const COOKIE = 'session';
const SESSION_DAYS = 14;
const MIN_PASSWORD = 10;
const ATTEMPTS = 10;
const ATTEMPT_WINDOW_MS = 15 * 60 * 1000;

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const same = (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Accounts and sessions. Passwords and session tokens are kept as hashes only. */
export function createAccounts(store) {
  const failures = new Map();
  const signUpOpen = () => process.env.SIGN_UP !== 'closed' || store.all('$account').length === 0;

  function sessionOf(request) {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const cookie = /(?:^|;\s*)session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
    const token = bearer ?? cookie;
    const session = token && store.get('$session', sha256(token));
    if (!session || session.expires_at < new Date().toISOString()) return null;
    const account = store.get('$account', session.email);
    return account ? { id: session.id, account, form_token: sha256(\`form:\${token}\`) } : null;
  }

  function startSession(account) {
    const now = new Date().toISOString();
    for (const old of store.all('$session')) if (old.expires_at < now) store.remove('$session', old.id);
    const token = randomBytes(32).toString('base64url');
    const expires = new Date(Date.now() + SESSION_DAYS * 86_400_000).toISOString();
    store.put('$session', { id: sha256(token), email: account.email, expires_at: expires });
    return token;
  }

  const cookie = (token, seconds) => ({
    'set-cookie': \`\${COOKIE}=\${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=\${seconds}\`,
  });
  const signedIn = (token) => cookie(token, SESSION_DAYS * 86_400);

  async function signUp({ email, password }) {
    const errors = {};
    const address = String(email ?? '')
      .trim()
      .toLowerCase();
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) || address.length > 200)
      errors.email = 'Enter an e-mail address, such as name@example.org.';
    if (String(password ?? '').length < MIN_PASSWORD) errors.password = \`Use at least \${MIN_PASSWORD} characters.\`;
    if (!signUpOpen()) throw new Problem(403, 'New accounts are closed.');
    if (Object.keys(errors).length > 0) throw new Problem(400, 'Some values need another look.', errors);
    const salt = randomBytes(16).toString('hex');
    const hash = (await hashPassword(String(password), salt, 64)).toString('hex');
    if (store.get('$account', address)) throw new Problem(409, 'There is an account with this e-mail address already.');
    const role = store.all('$account').length === 0 ? FIRST_ROLE : LAST_ROLE; //@roles
    const account = { id: address, email: address, role, salt, hash }; //@roles
    const account = { id: address, email: address, salt, hash }; //@!roles
    store.put('$account', account);
    return startSession(account);
  }

  async function signIn({ email, password }) {
    const address = String(email ?? '')
      .trim()
      .toLowerCase();
    const recent = (failures.get(address) ?? []).filter((time) => time > Date.now() - ATTEMPT_WINDOW_MS);
    if (recent.length >= ATTEMPTS) throw new Problem(429, 'Too many attempts. Wait a quarter of an hour.');
    const account = store.get('$account', address);
    const hash = (await hashPassword(String(password ?? ''), account?.salt ?? 'none', 64)).toString('hex');
    if (!account || !same(hash, account.hash)) {
      if (failures.size > 10_000) failures.clear();
      failures.set(address, [...recent, Date.now()]);
      throw new Problem(401, 'This e-mail address and password do not belong together.');
    }
    failures.delete(address);
    return startSession(account);
  }

  async function submit(run, page, request, response) {
    const form = await readForm(request);
    try {
      redirect(response, '/', signedIn(await run(form)));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      sendHtml(response, error.status, layout(page({ email: form.email, problem: error, open: signUpOpen() })));
    }
    return true;
  }

  /** Answers the addresses that have to do with signing in; false for every other one. */
  async function handle([first, second, third], request, response, session) { //@roles
  async function handle([first, second], request, response, session) { //@!roles
    const posted = request.method === 'POST';
    if (first === 'api' && (second === 'session' || second === 'accounts') && posted) {
      const token = await (second === 'session' ? signIn : signUp)(await readJson(request));
      sendJson(response, 201, { token }, signedIn(token));
      return true;
    }
    if (session && (await handleRoles([first, second, third], request, response, session))) return true; //@roles
    if (second !== undefined) return false;
    if (first === 'sign-in' && posted) return submit(signIn, signInPage, request, response);
    if (first === 'sign-up' && posted) return submit(signUp, signUpPage, request, response);
    if (first === 'sign-out' && posted && session) {
      checkToken(session, await readForm(request));
      store.remove('$session', session.id);
      redirect(response, '/sign-in', cookie('', 0));
      return true;
    }
    if (first !== 'sign-in' && first !== 'sign-up') return false;
    sendHtml(response, 200, layout((first === 'sign-in' ? signInPage : signUpPage)({ open: signUpOpen() })));
    return true;
  }

//#if roles
  /** /accounts and /api/accounts, where the first role gives the roles. */
  async function handleRoles([first, second, third], request, response, session) {
    const inApi = first === 'api' && second === 'accounts';
    if (!inApi && (first !== 'accounts' || second !== undefined)) return false;
    if (session.account.role !== FIRST_ROLE) throw new Problem(403, 'You may not give roles.');
    if (inApi && request.method === 'PATCH') {
      sendJson(response, 200, giveRole(third, (await readJson(request)).role));
    } else if (inApi) sendJson(response, 200, { items: allAccounts() });
    else if (request.method === 'POST') {
      const form = await readForm(request);
      checkToken(session, form);
      giveRole(form.email, form.role);
      redirect(response, '/accounts?_done=saved');
    } else {
      const visit = {
        records: openRecords(store, session.account),
        account: session.account,
        hidden: hiddenToken(session),
      };
      const done = request.url.endsWith('?_done=saved') ? 'Saved.' : null;
      sendHtml(
        response,
        200,
        layout({ ...accountsPage(allAccounts(), visit.hidden), here: '/accounts', notice: done, visit }),
      );
    }
    return true;
  }

  const shown = ({ email, role }) => ({ email, role });
  const allAccounts = () => store.all('$account').map(shown);

  function giveRole(email, role) {
    const account = store.get('$account', String(email ?? '').toLowerCase());
    if (!account) throw new Problem(404, 'There is no account with this e-mail address.');
    if (!roles.some(({ name }) => name === role)) {
      const message = \`Choose one of: \${roles.map(({ name }) => name).join(', ')}.\`;
      throw new Problem(400, message, { role: message });
    }
    const others = store.all('$account').filter((other) => other.id !== account.id);
    if (role !== FIRST_ROLE && others.every((other) => other.role !== FIRST_ROLE))
      throw new Problem(409, 'Somebody has to keep the first role. Give it to another account before.');
    store.put('$account', { ...account, role });
    return shown({ ...account, role });
  }

//#endif
  function askToSignIn([first], request, response) {
    if (first === 'api') throw new Problem(401, 'Sign in first.');
    redirect(response, store.all('$account').length === 0 ? '/sign-up' : '/sign-in');
  }

  function checkToken(session, form) {
    if (!same(String(form._token ?? ''), session.form_token)) {
      throw new Problem(403, 'This form is out of date. Open the page again, then repeat the change.');
    }
    delete form._token;
  }

  const hiddenToken = (session) => html\`<input type="hidden" name="_token" value="\${session.form_token}">\`;

  return { sessionOf, handle, askToSignIn, checkToken, hiddenToken };
}
`;
