import { z } from 'zod';
import type { CallContext, Tool, ToolContract, ToolResult } from '#ir/calls.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { failed, parseArgs } from '../failure.js';

const argsSchema = z.strictObject({
  skill: z.string().optional(),
  version: z.string().optional(),
  digest: z.string().optional(),
  /** Environments where the skill may be used, and the one where it is. */
  allowed: z.array(z.string()).optional(),
  environment: z.string().optional(),
  outputs: z.record(z.string(), z.json() as z.ZodType<JsonValue>).default({}),
});

const contract: ToolContract = {
  id: 'skill',
  summary: 'Begins and ends the steps that a skill brings into a plan; the compiler writes these steps.',
  defaultAction: 'begin',
  actions: ['begin', 'finish'],
  args: argsSchema as unknown as ToolContract['args'],
  literal: [],
  // What it puts out is only what the steps before have said: that proves nothing.
  isReadOnly: (action) => action === 'begin',
};

/** The `skill` tool: `begin` refuses an environment where the skill may not be used, `finish` puts out what the skill promises. */
export function skillTool(): Tool {
  return { contract, run: async (action, raw, context) => call(action, raw, context) };
}

function call(action: string, raw: JsonObject, context: CallContext): ToolResult {
  try {
    const { skill = '', version = '', digest = '', allowed, environment = '', outputs } = parseArgs(argsSchema, raw);
    if (action === 'finish') return { ok: true, output: outputs, isolation: 'none' };
    if (allowed !== undefined && !allowed.includes(environment)) {
      const what =
        environment === ''
          ? `${skill} needs a target with an environment`
          : `${skill} may not be used on ${environment}`;
      throw new OpsroomError('ARGUMENT_INVALID', {
        what,
        mend: `Set target.environment to one of: ${allowed.join(', ')}.`,
      });
    }
    context.log('out', Buffer.from(`${skill} ${version} (sha256 ${digest})\n`));
    return { ok: true, output: { skill, version, digest }, isolation: 'none' };
  } catch (error) {
    return failed(error, false);
  }
}
