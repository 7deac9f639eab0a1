import type { z } from 'zod';
import type { Tool, ToolContract } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { sendsToHost } from '#sandbox/destinations.js';
import { sshArgsSchema } from './args.js';

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
  return { contract, run: async (...call) => (await import('./remote.js')).callRemote(...call) };
}
