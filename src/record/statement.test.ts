import { expect, test } from 'vitest';
import { canonicalJson } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';
import { chainOf, DEPLOY, statementOf } from '../../test/vectors/sample.js';
import { statementText } from './statement.js';

const canonical = (value: unknown): string => canonicalJson(value as JsonObject);

test('a statement put together from texts is the canonical form of its own', () => {
  const chain = chainOf('01900000-0000-7000-8000-000000000001', DEPLOY.bodies);
  const statement = statementOf(DEPLOY, chain);
  const texts = { chain: chain.map(canonical), plan: canonical(DEPLOY.plan) };
  expect(statementText(statement, texts)).toBe(canonical(statement));
});
