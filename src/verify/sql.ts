import { z } from 'zod';
import type { CallContext, CheckResult, VerifierKind } from '#ir/calls.js';
import type { JsonValue } from '#ir/json.js';
import { sendsToDatabase } from '#sandbox/destinations.js';
import { sqlQuery } from '#sandbox/sql/query.js';
import type { SqlResult } from '#sandbox/sql/session.js';
import { isAbsent } from '#sandbox/unreachable.js';
import { verifierKind } from './config.js';
import { capJson, inconclusive } from './evidence.js';
import { poll, pollFields } from './poll.js';
import { mismatch } from './subset.js';

const json = z.json() as z.ZodType<JsonValue>;

const configSchema = z.strictObject({
  url: z.string().min(1),
  engine: z.enum(['postgres', 'mysql']).optional(),
  query: z.string().min(1).max(1_000_000),
  params: z.array(json).default([]),
  expect: z
    .strictObject({
      rowCount: z.int().min(0).optional(),
      /** Rows that must be among those found, in this order, each with at least these columns. */
      rows: z.array(json).optional(),
      /** The first column of the first row. */
      value: json.optional(),
    })
    .refine((expect) => Object.keys(expect).length > 0, 'say what is expected: rowCount, rows or value'),
  ...pollFields,
});
type Config = z.output<typeof configSchema>;

const MAX_ROWS = 1000;

/** Runs one reading statement in a read-only transaction and compares its rows. */
export function sqlKind(): VerifierKind {
  return verifierKind({
    contract: {
      kind: 'sql',
      summary: 'A query finds the expected rows.',
      literal: ['query'],
      sends: sendsToDatabase,
      subject: () => 'outside',
      expectation: ['expect'],
    },
    config: configSchema,
    check: (config, { phase }, context) => poll((signal) => look(config, context, signal), config, { phase, context }),
  });
}

async function look(config: Config, context: CallContext, signal: AbortSignal): Promise<CheckResult> {
  const { url, engine, query, params } = config;
  const statement = { url, ...(engine ? { engine } : {}), query, params, maxRows: MAX_ROWS, readOnly: true };
  const outcome = await sqlQuery({
    ...statement,
    allowAddresses: context.allowAddresses,
    signal,
    timeoutMs: context.timeoutMs,
  });
  if (outcome.ok) return compare(config, outcome.result);
  const { code, message } = outcome.error;
  const evidence = { error: { code, message } };
  // "There is no such table" is a finding, as is a server that is not there; a lost connection says nothing.
  const finding = isAbsent(outcome.error) || (code === 'SQL_FAILED' && !outcome.retryable);
  return finding ? { passed: false, summary: message, evidence } : inconclusive(message, evidence);
}

function compare({ expect }: Config, result: SqlResult): CheckResult {
  const value = Object.values(result.rows[0] ?? {})[0];
  const problems = [
    expect.rowCount === undefined ? undefined : mismatch(expect.rowCount, result.rowCount, 'rowCount'),
    expect.rows === undefined ? undefined : mismatch(expect.rows, result.rows, 'rows'),
    expect.value === undefined ? undefined : mismatch(expect.value, value, 'value'),
    expect.rowCount !== undefined && result.truncated ? 'there are more rows than can be counted' : undefined,
  ];
  const found = problems.find((problem) => problem !== undefined);
  const evidence = {
    rowCount: result.rowCount,
    rows: capJson(result.rows),
    ...(result.truncated ? { truncated: true } : {}),
  };
  return {
    passed: found === undefined,
    summary: found ?? `The query found what was expected (rows: ${result.rowCount})`,
    evidence,
  };
}
