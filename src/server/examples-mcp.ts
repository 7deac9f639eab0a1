import { AT, HEX } from './example-run.js';

const by = 'person:ada@ops.example';
const server = {
  serverId: '5f0c0e5c-7a41-4d0b-9c55-2f4c4b6c9a11',
  name: 'issues',
  connection: {
    transport: 'http',
    url: 'https://issues.example/mcp',
    headers: { Authorization: 'Bearer {{ secrets.ISSUES }}' },
    allowAddresses: [],
  },
  secrets: ['ISSUES'],
  sandbox: { level: 'none', network: true },
  enabled: true,
  state: 'ok',
  stateSince: AT,
  lookedAt: AT,
  error: null,
  tookMs: 212,
  speaks: { era: 'legacy', protocol: '2025-11-25', server: 'issues 1.0.0' },
  tools: { total: 1, flagged: 1 },
  signIn: null,
  createdBy: by,
  createdAt: AT,
  changedBy: by,
  changedAt: AT,
};
const tool = {
  server: 'issues',
  name: 'delete_issue',
  tool: 'mcp:issues:delete_issue',
  title: 'Delete an issue',
  description: 'Deletes an issue.',
  annotations: { destructiveHint: true },
  version: 2,
  digest: HEX,
  callable: false,
  flags: ['now says that it may destroy'],
  consentedBy: null,
  consentedAt: null,
  firstSeenAt: AT,
  lastSeenAt: AT,
  goneAt: null,
};
const schemas = {
  inputSchema: { type: 'object', required: ['issue'], properties: { issue: { type: 'string' } } },
  outputSchema: null,
};
const named = { input: { server: server.name }, output: server };

export const MCP_EXAMPLES = {
  'mcp.servers': { input: {}, output: { servers: [server] } },
  'mcp.create': {
    input: {
      name: 'tracker',
      transport: 'http',
      url: server.connection.url,
      headers: server.connection.headers,
      enabled: false,
    },
    output: { ...server, name: 'tracker', enabled: false },
  },
  'mcp.tools': { input: { server: 'issues' }, output: { tools: [tool] } },
  'mcp.update': { input: { server: 'issues', url: server.connection.url }, output: server },
  'mcp.enable': named,
  'mcp.disable': named,
  'mcp.remove': named,
  'mcp.check': named,
  'mcp.signIn': {
    input: { server: 'issues' },
    output: { page: 'https://issues.example/authorize?client_id=…', until: AT },
  },
  'mcp.signedIn': { input: { state: 'q3…', code: 'c7…', iss: 'https://issues.example' }, output: server },
  'mcp.signOut': { ...named, output: { ...server, signIn: null, revocation: 'revoked' } },
  'mcp.tool': {
    input: { server: 'issues', tool: 'delete_issue' },
    output: { ...tool, ...schemas, versions: [{ ...tool, ...schemas }] },
  },
  'mcp.consent': {
    input: { server: 'issues', tools: [{ name: 'delete_issue', digest: HEX }] },
    output: { tools: [{ ...tool, callable: true, flags: [], consentedBy: by, consentedAt: AT }] },
  },
};
