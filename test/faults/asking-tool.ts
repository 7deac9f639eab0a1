import type { Tool } from '#ir/calls.js';
import { mcpTool } from '#tools/mcp/tool.js';
import { registryOf } from '../harness/mcp-servers.js';
import type { MemberOptions } from './member.js';

/** The real `mcp` tool with one server, and failpoints around each call. */
export function askingTool(
  { connection, definitions }: NonNullable<MemberOptions['mcp']>,
  failpoint: (name: string) => void,
): Tool {
  const tool = mcpTool(registryOf(connection, definitions));
  return {
    ...tool,
    run: async (action, args, context) => {
      failpoint('tool:before');
      const result = await tool.run(action, args, context);
      failpoint('tool:after');
      return result;
    },
  };
}
