import { api, read } from '../api/client.js';

/** The servers that the room knows. */
export const loadServers = () => read(api.GET('/v1/mcp/servers'));
export type McpServer = Awaited<ReturnType<typeof loadServers>>['servers'][number];
