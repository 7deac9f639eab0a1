import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { isChosenElsewhere, secretNames } from '#ir/sending.js';
import { verifies } from '../../../test/harness/requirements.js';
import { builtIn } from '../../operations/contracts.js';
import { compilePlan } from '../compile.js';

const shipped = ['skills', 'templates'].flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file): [string, JsonObject] => {
      const path = `${folder}/${file}`;
      return [path, parse(readFileSync(path, 'utf8')) as JsonObject];
    }),
);

/** Every call of a program in it: whatever has an environment. */
function programs(value: JsonValue | undefined): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(programs);
  if (value === null || typeof value !== 'object') return [];
  const inner = Object.values(value).flatMap(programs);
  return value['env'] === undefined ? inner : [value, ...inner];
}

const isSent = ({ env }: JsonObject): boolean => {
  const names = Object.keys(env ?? {});
  const hasPlace = names.some((name) => /(?:HOST|_URL)$/.test(name));
  return hasPlace && (names.some((name) => /PASSWORD|TOKEN|KEY$/.test(name)) || secretNames(env).size > 0);
};

test.each(shipped)('%s: a program that is given a secret and a host says where it sends', (_, value) => {
  for (const program of programs(value).filter(isSent))
    expect(program['sendsTo'], JSON.stringify(program)).toBeDefined();
});

const DATABASE = { host: '{{ inputs.host }}', port: 5432, user: 'ops', password: '{{ secrets.POSTGRES_PASSWORD }}' };
const USES: readonly [string, JsonObject][] = [
  [
    'odoo-addon',
    { name: 'library', title: 'Library', models: '{{ inputs.models }}', odoo: ['odoo'], database: 'shop' },
  ],
  ['db-migration', { database: 'shop', name: 'one', up: 'select 1', down: 'select 1', tables: ['a'] }],
];
const used = (skill: string, args: JsonObject) => {
  const value = {
    title: 'Use it',
    target: { environment: 'dev' },
    inputSchema: { type: 'object', properties: { host: { type: 'string' }, models: { type: 'array' } } },
    steps: [{ id: 'use', title: 'Use', skill, args }],
  };
  const { plan } = compilePlan({ value }, builtIn().contracts);
  return programs(plan.steps as unknown as JsonValue).filter((call) => secretNames(call).size > 0);
};

test.each(USES)(
  verifies('KEEP-03', 'the skill %s: whoever gives it a host from a form binds its password first'),
  (skill, args) => {
    const calls = used(skill, { ...DATABASE, ...args });
    expect(calls.length).toBeGreaterThan(1);
    for (const call of calls) expect(isChosenElsewhere(call, ['sendsTo']), JSON.stringify(call)).toBe(true);
  },
);

test.each(USES)('the skill %s: a host that the plan itself names is nobody else’s choice', (skill, args) => {
  for (const call of used(skill, { ...DATABASE, ...args, host: 'db.example' }))
    expect(isChosenElsewhere(call, ['sendsTo'])).toBe(false);
});
