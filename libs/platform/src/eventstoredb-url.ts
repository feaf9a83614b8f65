const FORM =
  /^(?:esdb|kurrentdb)(\+discover)?:\/\/(?:[^:@/?]+:[^@/?]+@)?([A-Za-z0-9._-]+(?::\d{1,5})?(?:,[A-Za-z0-9._-]+(?::\d{1,5})?)*)\/*(?:\?(.+))?$/;

const NUMBER = /^-?\d{1,9}$/;
const FLAG = /^(true|false)$/;
/** Options that the client knows, in lower case. It prints the whole URL, password included, when it meets another one. */
const OPTIONS: Readonly<Record<string, RegExp>> = {
  tls: FLAG,
  tlscafile: /./,
  usercertfile: /./,
  userkeyfile: /./,
  connectionname: /./,
  nodepreference: /^(leader|follower|readonlyreplica|read_only_replica|random)$/i,
  maxdiscoverattempts: NUMBER,
  discoveryinterval: NUMBER,
  gossiptimeout: NUMBER,
  keepaliveinterval: NUMBER,
  keepalivetimeout: NUMBER,
};
/** Options that are understood and left out: the store has deadlines of its own, and a refused append must throw. */
const IGNORED = new Set(['defaultdeadline', 'throwonappendfailure']);

const optionsOf = (query = ''): [key: string, value: string, pair: string][] =>
  query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [key = '', ...value] = pair.split('=');
      return [key.toLowerCase().replace(/[_-]/g, ''), value.join('='), pair];
    });

/** What is wrong with a connection string, without any of its values; null where it can be used. */
export function eventStoreDbUrlProblem(url: string): string | null {
  const form = FORM.exec(url);
  if (!form) return 'must look like esdb://host:2113?tls=false or kurrentdb+discover://user:password@host:2113, special characters percent-encoded';
  const wrong = optionsOf(form[3]).find(([key, value]) => !IGNORED.has(key) && !OPTIONS[key]?.test(value));
  return wrong ? 'has an option that is not known or has a value that does not fit it' : null;
}

/** The connection string as the client takes it: it knows EventStoreDB's name for the scheme only. */
export function clientConnectionString(url: string): string {
  const form = FORM.exec(url);
  if (!form) throw new Error('not a connection string of EventStoreDB');
  const [, discover = '', , query] = form;
  const base = url.slice(url.indexOf('://'), query === undefined ? undefined : url.indexOf('?')).replace(/[/?]+$/, '');
  const kept = optionsOf(query).filter(([key]) => !IGNORED.has(key));
  return `esdb${discover}${base}${kept.map(([, , pair], index) => `${index === 0 ? '?' : '&'}${pair}`).join('')}`;
}

/** Where the store is, without user and password. */
export const eventStoreDbHosts = (url: string): string => FORM.exec(url)?.[2] ?? 'an unknown address';
