// A worker in a process of its own whose runs call an MCP server. argv[2]: MemberOptions as JSON, `mcp` among them.
import { askingTool } from './asking-tool.js';
import { type MemberOptions, work } from './member.js';

const options = JSON.parse(process.argv[2] ?? '{}') as MemberOptions;
await work(options, (failpoint) => (options.mcp ? [askingTool(options.mcp, failpoint)] : []));
