import type { AttemptId } from '#ir/calls.js';
import type { McpConnection, McpToolDefinition, McpToolName } from '#ir/mcp.js';
import type { IsolationLevel } from '#ir/plan.js';
import type { Destination } from '#kit/hosts.js';

/** A registered server, and the tool that is asked for. */
export interface FoundServer {
  readonly id: string;
  readonly name: string;
  /** Counts changes of its configuration. */
  readonly revision: number;
  readonly enabled: boolean;
  readonly connection: McpConnection;
  /** How it is isolated at least; a step may ask for more. */
  readonly sandbox: { readonly level: IsolationLevel; readonly network: boolean };
  /** It is known to speak versions before 2026-07-28 only. */
  readonly legacy: boolean;
  /** Undefined: it was not there when the server was last looked at. */
  readonly tool: FoundTool | undefined;
}

export interface FoundTool {
  readonly definition: McpToolDefinition;
  readonly digest: string;
  /** Why it must not be called until somebody consents; empty when it may. */
  readonly flags: readonly string[];
}

/** What a server is shown where somebody has signed the room in. */
export interface Bearer {
  /** @param signal nobody waits for it any more @throws OpsroomError MCP_SIGN_IN, UNREACHABLE, MCP_FAILED */
  token(signal?: AbortSignal): Promise<string>;
  /** The server has refused it: another is taken. @throws as `token` */
  renew(signal?: AbortSignal): Promise<void>;
}

/** What the tool needs of the room. */
export interface McpPorts {
  /** The names of the server's tools are asked for when there is none of that name. */
  find(org: string, name: McpToolName): Promise<FoundServer | undefined>;
  toolNames(org: string, server: string): Promise<string[]>;
  /** The secrets of these names as the run of a step may read them; that they were given is noted. */
  secrets(id: AttemptId, names: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** Refuses to reach a server with secrets that are not for where it is. @throws OpsroomError SECRET_DESTINATION */
  admit(id: AttemptId, names: readonly string[], to: Destination): Promise<void>;
  /** Undefined: nobody has signed in there. */
  bearer?(org: string, server: Pick<FoundServer, 'id' | 'name' | 'connection'>): Promise<Bearer | undefined>;
  /** A server says that its tools have changed. */
  changed(org: string, server: string): void;
  readonly version: string;
}
