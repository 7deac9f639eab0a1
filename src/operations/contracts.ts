import type { Contracts } from '#compile/contracts.js';
import { RepositoryNews } from '#integrations/github/news.js';
import type { Tool, VerifierKind } from '#ir/calls.js';
import type { Verifier } from '#ir/plan.js';
import type { Keeper } from '#sandbox/keeper.js';
import type { Limits } from '#sandbox/limits.js';
import { agentTool } from '#tools/agent/tool.js';
import { githubTool, type PullRequests } from '#tools/github/tool.js';
import { httpTool } from '#tools/http/tool.js';
import type { McpPorts } from '#tools/mcp/ports.js';
import { mcpTool } from '#tools/mcp/tool.js';
import { odooTool } from '#tools/odoo/tool.js';
import { shellTool } from '#tools/shell/tool.js';
import { siteTool } from '#tools/site/tool.js';
import { skillTool } from '#tools/skill/tool.js';
import { sqlTool } from '#tools/sql/tool.js';
import { sshTool } from '#tools/ssh/tool.js';
import { verifierKinds } from '#verify/kinds.js';
import { knownPrecondition } from '#verify/precondition-names.js';
import { githubGates, githubPulls } from './github.js';
import { RoomContracts, RoomTools } from './mcp/named-tools.js';
import { SkillFolder } from './skills/folder.js';

export interface BuiltIn {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly kinds: ReadonlyMap<Verifier['kind'], VerifierKind>;
  readonly contracts: Contracts;
}

export interface BuiltInOptions {
  /** Ends the processes of steps and verifiers if the worker dies. */
  readonly keeper?: Keeper;
  /** What sandboxed steps must not see. */
  readonly hidden?: readonly string[];
  /** What a step of the shell tool may use. */
  readonly limits?: Limits;
  /** The folder whose skills plans may use beside those of the package. */
  readonly project?: string;
  /** Wakes who waits for a repository. */
  readonly news?: RepositoryNews;
  /** Where people see a run; undefined where the room has no address. */
  readonly runPage?: PullRequests['runPage'];
  /** The servers of the room. */
  readonly mcp?: McpPorts;
}

/** Without a room there are no servers: plans that name some can be compiled, and nothing more. */
const NO_SERVERS: McpPorts = {
  version: '',
  find: async () => undefined,
  toolNames: async () => [],
  secrets: async () => ({}),
  admit: async () => undefined,
  changed: () => undefined,
};

/** The tools and verifiers that every room has. To compile a plan, no room is needed: `builtIn().contracts`. */
export function builtIn(options: BuiltInOptions = {}): BuiltIn {
  const tools = new RoomTools(
    [
      shellTool(options),
      httpTool(),
      sqlTool(),
      sshTool(),
      agentTool(options),
      skillTool(),
      siteTool(),
      odooTool(),
      githubTool(githubPulls(options.runPage ?? (() => undefined))),
    ],
    mcpTool(options.mcp ?? NO_SERVERS, options),
  );
  const kinds = verifierKinds({ ...options, gates: githubGates(options.news ?? new RepositoryNews()) });
  return {
    tools,
    kinds,
    contracts: {
      tools: new RoomContracts([...tools].map(([id, tool]) => [id, tool.contract])),
      verifiers: new Map([...kinds].map(([kind, verifier]) => [kind as string, verifier.contract])),
      knownPrecondition,
      skills: new SkillFolder(options.project),
    },
  };
}
