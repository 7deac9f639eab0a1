import { z } from 'zod';
import type { CallContext, Tool, ToolContract, ToolResult } from '#ir/calls.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { deadline } from '#sandbox/deadline.js';
import { sendsToDatabase } from '#sandbox/destinations.js';
import { sqlQuery } from '#sandbox/sql/query.js';
import { failed, parseArgs } from '../failure.js';

const sqlArgsSchema = z.strictObject({
  /** `postgres://…` or `mysql://…`; a secret, as a rule. */
  url: z.string().min(1),
  engine: z.enum(['postgres', 'mysql']).optional(),
  query: z.string().min(1).max(1_000_000),
  params: z.array(z.json() as z.ZodType<JsonValue>).default([]),
  maxRows: z.int().min(0).max(100_000).default(1000),
});

const contract: ToolContract = {
  id: 'sql',
  summary:
    'Runs one statement on PostgreSQL, MySQL or MariaDB: `query` in a read-only transaction, `execute` in one that is committed.',
  defaultAction: 'query',
  actions: ['query', 'execute'],
  args: sqlArgsSchema as unknown as z.ZodType<JsonObject>,
  literal: ['query'],
  sends: sendsToDatabase,
  isReadOnly: (action) => action === 'query',
};

/**
 * The `sql` tool. Output: `{ rows: object[], rowCount, fields: { name, type }[], truncated }`. Lost connections, deadlocks and
 * timeouts may be retried; what the database answered otherwise (constraints, syntax, permissions) may not.
 */
export function sqlTool(): Tool {
  return { contract, run };
}

async function run(action: string, raw: JsonObject, context: CallContext): Promise<ToolResult> {
  try {
    const args = parseArgs(sqlArgsSchema, raw);
    const { engine, ...statement } = args;
    const outcome = await sqlQuery({
      ...statement,
      ...(engine ? { engine } : {}),
      // A step that promised to change nothing is held to it by the database.
      readOnly: action === 'query' || context.readOnly,
      allowAddresses: context.allowAddresses,
      signal: deadline(context.signal, context.timeoutMs),
      timeoutMs: context.timeoutMs,
    });
    if (!outcome.ok) return failed(outcome.error, outcome.retryable);
    const { rows, rowCount, fields, truncated } = outcome.result;
    return {
      ok: true,
      output: { rows, rowCount, fields: fields.map(({ name, type }) => ({ name, type })), truncated },
      isolation: 'none',
    };
  } catch (error) {
    return failed(error);
  }
}
