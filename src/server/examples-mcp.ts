import { AT, DIGEST } from './example-run.js';

const by = 'person:ada@ops.example';
const server = {
  serverId: '5f0c0e5c-7a41-4d0b-9c55-2f4c4b6c9a11',
  name: 'github',
  connection: {
    transport: 'http',
    url: 'https://api.githubcopilot.com/mcp/',
    headers: { Authorization: 'Bearer {{ secrets.GITHUB_TOKEN }}' },
    allowAddresses: [],
  },
  secrets: ['GITHUB_TOKEN'],
  sandbox: { level: 'none', network: true },
  enabled: true,
  state: 'ok',
  stateSince: AT,
  lookedAt: AT,
  error: null,
  tookMs: 212,
  speaks: { era: 'legacy', protocol: '2025-11-25', server: 'github-mcp-server 1.0.0' },
  tools: { total: 1, flagged: 1 },
  createdBy: by,
  createdAt: AT,
  changedBy: by,
  changedAt: AT,
};
const tool = {
  server: 'github',
  name: 'delete_branch',
  tool: 'mcp:github:delete_branch',
  title: 'Delete a branch',
  description: 'Deletes a branch of a repository.',
  annotations: { destructiveHint: true },
  version: 2,
  digest: DIGEST,
  callable: false,
  flags: ['now says that it may destroy'],
  consentedBy: null,
  consentedAt: null,
  firstSeenAt: AT,
  lastSeenAt: AT,
  goneAt: null,
};
const schemas = {
  inputSchema: { type: 'object', required: ['branch'], properties: { branch: { type: 'string' } } },
  outputSchema: null,
};
const named = { input: { server: server.name }, output: server };

export const MCP_EXAMPLES = {
  'mcp.servers': { input: {}, output: { servers: [server] } },
  'mcp.create': {
    input: { name: 'github', transport: 'http', url: server.connection.url, headers: server.connection.headers },
    output: server,
  },
  'mcp.tools': { input: { server: 'github' }, output: { tools: [tool] } },
  'mcp.update': { input: { server: 'github', url: server.connection.url }, output: server },
  'mcp.enable': named,
  'mcp.disable': named,
  'mcp.remove': named,
  'mcp.check': named,
  'mcp.tool': {
    input: { server: 'github', tool: 'delete_branch' },
    output: { ...tool, ...schemas, versions: [{ ...tool, ...schemas }] },
  },
  'mcp.consent': {
    input: { server: 'github', tools: [{ name: 'delete_branch', digest: DIGEST }] },
    output: { tools: [{ ...tool, callable: true, flags: [], consentedBy: by, consentedAt: AT }] },
  },
};
