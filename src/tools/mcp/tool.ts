import { z } from 'zod';
import type { CallContext, Tool, ToolContract, ToolResult } from '#ir/calls.js';
import { jsonDigest } from '#ir/digest.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { strangersCheck } from '#ir/json-schema.js';
import { type McpConnection, type McpToolName, mcpName, secretsOfConnection, withSecrets } from '#ir/mcp.js';
import type { IsolationLevel } from '#ir/plan.js';
import { MOST_QUESTIONS } from '#ir/question.js';
import { didYouMean } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import type { Destination } from '#kit/hosts.js';
import { deadline } from '#sandbox/deadline.js';
import { urlDestination } from '#sandbox/destinations.js';
import { failed, parseArgs } from '../failure.js';
import { makeScratch, type Scratch } from '../shell/scratch.js';
import { type CallHooks, McpLink } from './connection.js';
import { Interview } from './interview.js';
import { McpPool } from './pool.js';
import type { FoundServer, FoundTool, McpPorts } from './ports.js';
import { progressLog } from './progress.js';
import { type ProgramOptions, reachOf, stronger } from './reach.js';
import { answerOutput } from './result.js';

const argsSchema = z.strictObject({
  server: z.string().min(1).max(63),
  tool: z.string().min(1).max(128),
  arguments: z.record(z.string(), z.json() as z.ZodType<JsonValue>).default({}),
});

export const mcpContract: ToolContract = {
  id: 'mcp',
  summary:
    'Calls a tool of a registered MCP server. Written `tool: mcp:SERVER:TOOL`, the arguments are those of the tool.',
  defaultAction: 'call',
  actions: ['call'],
  args: argsSchema,
  // What policies and lists are asked about must be known before the run.
  literal: ['server', 'tool'],
  // What a server says of its tools is a claim: only the plan may promise that a step changes nothing.
  isReadOnly: () => false,
  callName: ({ server, tool }) =>
    typeof server === 'string' && typeof tool === 'string' ? mcpName({ server, tool }) : undefined,
};

/** The contract of one tool of a server, as far as it is known without asking the room. */
export const namedContract = (name: McpToolName): ToolContract => ({
  ...mcpContract,
  id: mcpName(name),
  literal: [],
  args: z.record(z.string(), z.json()),
  callName: () => mcpName(name),
});

export interface McpTool extends Tool {
  /** One tool of one server as a tool of its own: its arguments are the step's. */
  named(name: McpToolName): Tool;
}

/**
 * The `mcp` tool. Output: see `answerOutput`. A tool that says that it failed fails the step; what a server describes is checked
 * on both sides by what somebody consented to.
 */
export function mcpTool(ports: McpPorts, options: ProgramOptions = {}): McpTool {
  const pool = new McpPool();
  const scratches: Scratches = new Map();
  const caller = { ports, options, pool, scratches };
  const holding = {
    leaves: pool.leaves,
    holds: pool.holds,
    runs: () => pool.runs(),
    letGo: async (runId: string) => {
      await pool.letGo(runId);
      for (const scratch of scratches.get(runId)?.values() ?? []) scratch.remove();
      scratches.delete(runId);
    },
  };
  const run = async (name: McpToolName, args: JsonObject, context: CallContext): Promise<ToolResult> => {
    try {
      return await callTool(caller, name, args, context);
    } catch (error) {
      return { ...failed(error), isolation: context.isolation.level };
    }
  };
  return {
    contract: mcpContract,
    holding,
    run: async (_action, raw, context) => {
      try {
        const { server, tool, arguments: args } = parseArgs(argsSchema, raw);
        return await run({ server, tool }, args, context);
      } catch (error) {
        return failed(error, false);
      }
    },
    named: (name) => ({ contract: namedContract(name), run: (_action, args, context) => run(name, args, context) }),
  };
}

/** For a server that has asked, and was told that nobody answers yet, to end its call. */
const ENDS_WITHIN_MS = 5000;

/** By run, then by server and form: what a server leaves there is found by nothing but itself, isolated as it was. */
type Scratches = Map<string, Map<string, Scratch>>;

interface Caller {
  readonly ports: McpPorts;
  readonly options: ProgramOptions;
  readonly pool: McpPool;
  readonly scratches: Scratches;
}

async function callTool(caller: Caller, name: McpToolName, args: JsonObject, given: CallContext): Promise<ToolResult> {
  const { server, tool } = await callable(caller.ports, name, given.id.org);
  requireArguments(tool, args);
  if (given.mayReach && server.connection.transport !== 'stdio')
    await given.mayReach(await placeOf(caller.ports, server.connection, given));
  const context = { ...given, isolation: stronger(given.isolation, server.sandbox) };
  const isolation = server.connection.transport === 'stdio' ? context.isolation.level : 'none';
  const impatient = new AbortController();
  const kept = context.answers ?? [];
  let patience: NodeJS.Timeout | undefined;
  const opened = () => {
    patience ??= setTimeout(() => impatient.abort(new OpsroomError('INPUT_NEEDED')), ENDS_WITHIN_MS);
  };
  const interview = new Interview(kept, opened, context.shown);
  const answer = await ask(caller, { server, tool, args, context, interview, impatient: impatient.signal })
    .catch((error: unknown) => {
      if (interview.open || interview.fault) return undefined;
      throw error;
    })
    .finally(() => clearTimeout(patience));
  if (answer === undefined || interview.open || interview.fault)
    return { ...asking(interview, kept.length), isolation };
  const output = answerOutput(answer, tool.digest);
  const fault = faultOf(output, tool);
  if (fault === undefined) return { ok: true, output, isolation };
  const { code, message } = fault;
  return { ok: false, output, isolation, error: { code, message, retryable: code === 'MCP_FAILED' } };
}

/** Where a server is that is spoken to over a network. */
async function placeOf(
  ports: McpPorts,
  connection: Exclude<McpConnection, { transport: 'stdio' }>,
  { id }: Pick<CallContext, 'id'>,
): Promise<Destination> {
  const names = secretsOfConnection(connection);
  const values = names.length === 0 ? {} : await ports.secrets(id, names);
  return urlDestination(withSecrets(connection, (name) => values[name]).url);
}

interface Asking {
  readonly server: FoundServer;
  readonly tool: FoundTool;
  readonly args: JsonObject;
  readonly context: CallContext;
  readonly interview: Interview;
  /** Aborted when a server that has asked does not end its call. */
  readonly impatient: AbortSignal;
}

function ask(caller: Caller, { server, tool, args, context, interview, impatient }: Asking) {
  const signal = AbortSignal.any([deadline(context.signal, context.timeoutMs), impatient]);
  const form = jsonDigest({ revision: server.revision, ...context.isolation });
  const hooks: CallHooks = {
    progress: progressLog(context),
    log: (chunk) => context.log('err', chunk),
    interview,
  };
  return caller.pool.use(
    { runId: context.id.runId, server: server.id, form },
    { open: () => openLink(caller, server, { context, form, signal, hooks }), signal },
    (link) => link.call(tool.definition, args, { signal, hooks }),
  );
}

/** @throws OpsroomError MCP_UNAVAILABLE, MCP_CONSENT */
async function callable(
  ports: McpPorts,
  name: McpToolName,
  org: string,
): Promise<{ server: FoundServer; tool: FoundTool }> {
  const server = await ports.find(org, name);
  if (!server) {
    const mend = 'Register it: `opsroom mcp add`; or see `opsroom mcp servers`.';
    throw new OpsroomError('MCP_UNAVAILABLE', { what: `There is no MCP server "${name.server}".`, mend });
  }
  if (!server.enabled) {
    const mend = `Enable it: \`opsroom mcp enable ${server.name}\`.`;
    throw new OpsroomError('MCP_UNAVAILABLE', { what: `The MCP server "${server.name}" is disabled.`, mend });
  }
  const { tool } = server;
  if (!tool) {
    const what = `The MCP server "${server.name}" has no tool "${name.tool}".`;
    throw new OpsroomError('MCP_UNAVAILABLE', {
      what,
      mend: didYouMean(name.tool, await ports.toolNames(org, name.server)),
    });
  }
  if (tool.flags.length === 0) return { server, tool };
  throw new OpsroomError('MCP_CONSENT', {
    what: `Nobody has consented to ${mcpName(name)} as it is now: ${tool.flags.join(', ')}.`,
    mend: `Look at it with \`opsroom mcp tools ${server.name}\`, then \`opsroom mcp consent ${server.name} ${name.tool}\`.`,
  });
}

/** @throws OpsroomError ARGUMENT_INVALID; MCP_FAILED for a schema that cannot be used */
function requireArguments({ definition: { inputSchema } }: FoundTool, args: JsonObject): void {
  const found = strangersCheck(inputSchema, jsonDigest(inputSchema), args);
  if ('unusable' in found) {
    const what = `The schema that the server gives for the arguments cannot be used: ${found.unusable}.`;
    throw new OpsroomError('MCP_UNAVAILABLE', { what, mend: 'Tell whoever made the server.' });
  }
  if (!found.issue) return;
  const { path, what } = found.issue;
  throw new OpsroomError('ARGUMENT_INVALID', { what: `${path.join('.') || 'args'}: ${what}` });
}

/** The step waits for an answer, or fails where what is asked can be put to nobody. @param answered questions so far */
function asking({ open, fault }: Interview, answered: number): Omit<ToolResult, 'isolation'> {
  const what = answered < MOST_QUESTIONS ? 'The server asked in the middle of the call' : 'The server asks without end';
  const { code, message } = fault ?? new OpsroomError('INPUT_NEEDED', { what: `${what}: ${open?.question.message}` });
  const asks = fault === undefined && open ? { asks: open } : {};
  return { ok: false, output: null, error: { code, message, retryable: false }, ...asks };
}

/** Why a call that was answered did not do its work. */
function faultOf(output: JsonObject, tool: FoundTool): OpsroomError | undefined {
  if (output['isError'] === true) {
    const { text } = output;
    const said = typeof text === 'string' ? text.slice(0, 1000) : '';
    return new OpsroomError('MCP_FAILED', { what: `The tool ${tool.definition.name} says that it failed: ${said}` });
  }
  return answerFault(output, tool);
}

/** A server is held to what it says of its answers. */
function answerFault(output: JsonObject, { definition: { outputSchema, name } }: FoundTool): OpsroomError | undefined {
  if (outputSchema === null || output['truncated'] === true) return undefined;
  const found = strangersCheck(outputSchema, jsonDigest(outputSchema), output['structuredContent'] ?? null);
  if ('issue' in found && !found.issue) return undefined;
  const why = 'unusable' in found ? found.unusable : `${found.issue?.path.join('.') || 'it'} ${found.issue?.what}`;
  const mend = 'See the answer in the output of the step, and tell whoever made the server.';
  return new OpsroomError('OUTPUT_REFUSED', {
    what: `The answer of ${name} is not what the server says it gives: ${why}.`,
    mend,
  });
}

async function openLink(
  { ports, options, scratches }: Caller,
  server: FoundServer,
  {
    context,
    form,
    signal,
    hooks,
  }: { readonly context: CallContext; readonly form: string; readonly signal: AbortSignal; readonly hooks: CallHooks },
): Promise<McpLink> {
  const { id, isolation, workspace, env, allowAddresses } = context;
  const names = secretsOfConnection(server.connection);
  const values = names.length === 0 ? {} : await ports.secrets(id, names);
  const absent = names.find((name) => values[name] === undefined);
  if (absent !== undefined) {
    const what = `There is no secret "${absent}" for this target, which the MCP server "${server.name}" is reached with.`;
    throw new OpsroomError('MCP_UNAVAILABLE', { what, mend: `Set it: \`opsroom secrets set ${absent}\`.` });
  }
  const { folder, home } = scratchOf(scratches, id.runId, { place: `${server.id} ${form}`, level: isolation.level });
  const bearer = await ports.bearer?.(id.org, server);
  const ground = { folder, home, workspace, env, isolation, allowAddresses, bearer };
  const reach = reachOf(
    withSecrets(server.connection, (name) => values[name]),
    ground,
    options,
  );
  if (reach.kind === 'remote' && names.length > 0) await ports.admit(id, names, urlDestination(reach.connection.url));
  const listChanged = () => ports.changed(id.org, server.id);
  return McpLink.open({ reach, version: ports.version, legacy: server.legacy, signal, listChanged }, hooks);
}

function scratchOf(
  scratches: Scratches,
  runId: string,
  { place, level }: { readonly place: string; readonly level: IsolationLevel },
): Scratch {
  const ofRun = scratches.get(runId) ?? new Map<string, Scratch>();
  const scratch = ofRun.get(place) ?? makeScratch(level);
  scratches.set(runId, ofRun.set(place, scratch));
  return scratch;
}
