import type { Tool, ToolContract } from '#ir/calls.js';
import { agentArgsSchema } from './args.js';
import type { AgentOptions } from './work.js';

const contract: ToolContract = {
  id: 'agent',
  summary:
    'Lets a coding agent change a clone of a repository (`work`); `apply` moves a branch forward to what it made.',
  defaultAction: 'work',
  actions: ['work', 'apply'],
  args: agentArgsSchema as unknown as ToolContract['args'],
  literal: [],
  isReadOnly: () => false,
};

/**
 * The `agent` tool. Output of `work`: `{ step, head, base, result, files, commits, commands, usage, said, budget, exitCode }`; the prompt
 * and the diff are artefacts. Whether the work is any good only verifiers say, in `result`; it reaches the repository by `apply`.
 */
export function agentTool(options: AgentOptions = {}): Tool {
  return {
    contract,
    run: async (action, args, context) => (await import('./call.js')).callAgent(action, args, context, options),
  };
}
