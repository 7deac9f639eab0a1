import type { Contracts } from '#compile/contracts.js';
import type { McpToolDefinition } from '#ir/mcp.js';

/** What contracts are made of, as data: they hold functions themselves, and go to no thread. */
export interface ContractGrounds {
  /** Absolute path of the folder whose skills plans may use. */
  readonly project: string;
  /** Of the organisation; without it, a plan may name any tool of any server. */
  readonly servers?: KnownServers;
}

export interface KnownServers {
  /** By `mcp:SERVER:TOOL`. */
  readonly tools: ReadonlyMap<string, McpToolDefinition>;
  /** Names of those that were never looked at: they may have any tool. */
  readonly open: ReadonlySet<string>;
}

/** Contracts that say what they are made of: large plans are compiled with the same, elsewhere. */
export interface MadeContracts extends Contracts {
  readonly grounds?: ContractGrounds;
}
