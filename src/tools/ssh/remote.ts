import type { CallContext, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { deadline } from '#sandbox/deadline.js';
import { failed, parseArgs } from '../failure.js';
import { copyEnds, requireCommand, sshArgsSchema } from './args.js';
import { runRemote } from './command.js';
import { connect } from './connection.js';
import { copyFile } from './copy.js';

/** Calls another host; see `sshTool`. */
export async function callRemote(action: string, raw: JsonObject, context: CallContext): Promise<ToolResult> {
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
