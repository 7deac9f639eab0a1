import type { z } from 'zod';
import type { CallContext, Tool, ToolContract, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { deadline } from '#sandbox/deadline.js';
import { sendsToHost } from '#sandbox/destinations.js';
import { failed, parseArgs } from '../failure.js';
import { copyEnds, requireCommand, sshArgsSchema } from './args.js';
import { runRemote } from './command.js';
import { connect } from './connection.js';
import { copyFile } from './copy.js';

const contract: ToolContract = {
  id: 'ssh',
  summary: 'Runs a script or a program on another host (`run`), or copies a file to it (`put`) or from it (`get`).',
  defaultAction: 'run',
  actions: ['run', 'put', 'get'],
  args: sshArgsSchema as unknown as z.ZodType<JsonObject>,
  literal: ['run'],
  sends: sendsToHost(22),
  isReadOnly: () => false,
};

/**
 * The `ssh` tool. Output of `run`: `{ exitCode, stdout, stderr, truncated }`; of `put` and `get`: `{ local, remote, bytes, sha256 }`.
 * The host is known by a key that the plan pins; its address is guarded like that of any other connection.
 */
export function sshTool(): Tool {
  return { contract, run };
}

async function run(action: string, raw: JsonObject, context: CallContext): Promise<ToolResult> {
  try {
    const args = parseArgs(sshArgsSchema, raw);
    if (action === 'run') requireCommand(args);
    else copyEnds(args);
    const signal = deadline(context.signal, context.timeoutMs);
    const connection = await connect(args, context, signal);
    try {
      if (action === 'put' || action === 'get') return await copyFile(action, args, context, { connection, signal });
      return await runRemote(args, context, { connection, signal });
    } finally {
      connection.close();
    }
  } catch (error) {
    return failed(error);
  }
}
