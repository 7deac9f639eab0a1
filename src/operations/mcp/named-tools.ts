import type { Tool, ToolContract } from '#ir/calls.js';
import { parseMcpName } from '#ir/mcp.js';
import { type McpTool, namedContract } from '#tools/mcp/tool.js';

/** The tools of a room, in which every tool of every MCP server can be looked up by its name `mcp:SERVER:TOOL`. */
export class RoomTools extends Map<string, Tool> {
  private readonly mcp: McpTool | undefined;

  constructor(tools: readonly Tool[], mcp: McpTool) {
    super([...tools, mcp].map((tool) => [tool.contract.id, tool]));
    this.mcp = mcp;
  }

  override get(name: string): Tool | undefined {
    const mcp = parseMcpName(name);
    return mcp === undefined ? super.get(name) : this.mcp?.named(mcp);
  }
}

/** The contracts of a room likewise. Which tools a server has is an organisation's: see `contractsOf`. */
export class RoomContracts extends Map<string, ToolContract> {
  override get(name: string): ToolContract | undefined {
    const mcp = super.has(name) ? undefined : parseMcpName(name);
    return mcp === undefined ? super.get(name) : namedContract(mcp);
  }
}
