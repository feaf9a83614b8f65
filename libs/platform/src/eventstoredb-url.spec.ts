import { EventStoreDBClient } from '@eventstore/db-client';
import { clientConnectionString, eventStoreDbHosts, eventStoreDbUrlProblem } from './eventstoredb-url.js';

const ACCEPTED = [
  ['esdb://localhost:2113?tls=false', 'esdb://localhost:2113?tls=false', 'localhost:2113'],
  ['esdb://eventstore:2113/?tls=false', 'esdb://eventstore:2113?tls=false', 'eventstore:2113'],
  ['kurrentdb://localhost', 'esdb://localhost', 'localhost'],
  [
    'kurrentdb+discover://admin:p%40ss@cluster.example:2113?nodePreference=follower',
    'esdb+discover://admin:p%40ss@cluster.example:2113?nodePreference=follower',
    'cluster.example:2113',
  ],
  ['esdb://u:p@a:2111,b:2112,c?tls=true&keepAliveInterval=10000', 'esdb://u:p@a:2111,b:2112,c?tls=true&keepAliveInterval=10000', 'a:2111,b:2112,c'],
  ['esdb://a?throwOnAppendFailure=false&tls=false&defaultDeadline=1', 'esdb://a?tls=false', 'a'],
] as const;

describe('the URL of EventStoreDB', () => {
  it.each(ACCEPTED)('%s is taken, in the words of the client', (url, forClient, hosts) => {
    const [warned, warn] = [[] as unknown[], console.warn];
    console.warn = (...line: unknown[]) => void warned.push(...line);
    expect(eventStoreDbUrlProblem(url)).toBeNull();
    expect(clientConnectionString(url)).toBe(forClient);
    expect(eventStoreDbHosts(url)).toBe(hosts);
    EventStoreDBClient.connectionString(forClient);
    console.warn = warn;
    expect(warned).toEqual([]);
  });

  it.each([
    'http://canary:2113',
    'esdb://',
    'esdb://canary:canary:2113',
    'esdb://u:canary@',
    'esdb://a b',
    'esdb://a?',
    'esdb://a:canary',
    'esdb://a?tls=canary',
    'esdb://a?canary=1',
    'esdb://a?tlsVerifyCert=false&x=canary',
    'esdb+discover+canary://a',
  ])('%s is refused, and not repeated', (url) => {
    expect(eventStoreDbUrlProblem(url)).toMatch(/^(must look like|has an option)/);
    expect(eventStoreDbUrlProblem(url)).not.toContain('canary');
  });
});
