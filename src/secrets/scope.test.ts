import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { counts, mostSpecific } from './scope.js';

const at = (name: string, environment: string, app: string) => ({ name, environment, app });
const names = fc.constantFrom('A', 'B');
const environments = fc.constantFrom('', 'staging', 'production');
const apps = fc.constantFrom('', 'shop', 'blog');
const scoped = fc.record({ name: names, environment: environments, app: apps });

test.each([
  [{ environment: 'staging', app: 'shop' }, 'staging shop'],
  [{ environment: 'staging', app: 'blog' }, 'staging'],
  [{ environment: 'production', app: 'shop' }, 'shop'],
  [{ environment: 'production', app: 'blog' }, 'anywhere'],
  [{ app: 'shop' }, 'shop'],
  [{}, 'anywhere'],
])('on %j it is the one for %s', (target, expected) => {
  const secrets = [
    { ...at('A', '', ''), is: 'anywhere' },
    { ...at('A', '', 'shop'), is: 'shop' },
    { ...at('A', 'staging', ''), is: 'staging' },
    { ...at('A', 'staging', 'shop'), is: 'staging shop' },
  ];
  expect(mostSpecific(secrets, target).get('A')?.is).toBe(expected);
  expect(mostSpecific(secrets.toReversed(), target).get('A')?.is).toBe(expected);
});

test('what is for another target is never chosen, whatever there is', () => {
  fc.assert(
    fc.property(fc.array(scoped), environments, apps, (secrets, environment, app) => {
      const chosen = mostSpecific(secrets, { environment, app });
      for (const secret of chosen.values()) {
        expect(['', environment]).toContain(secret.environment);
        expect(['', app]).toContain(secret.app);
      }
      const seen = secrets.filter((secret) => counts(secret, { environment, app }));
      expect([...chosen.keys()].sort()).toEqual([...new Set(seen.map(({ name }) => name))].sort());
    }),
  );
});
