import type { PrincipalFacts, RequestFacts } from '#authorise/decision.js';
import type { ToolContracts } from '#compile/contracts.js';
import { readsOf } from '#execute/scope.js';
import type { Principal } from '#identity/principal.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { mcpName, parseMcpName } from '#ir/mcp.js';
import type { Plan, RollbackStep, Step } from '#ir/plan.js';

/** Who asks, as policies see them. */
export function principalFacts({ kind, by, role, agent, person }: Principal): PrincipalFacts {
  return { kind, by, role: role ?? null, agent: agent ?? null, person: person ?? null };
}

/** What is to be run: a prepared run has it, and so has one that runs. */
export interface Requested {
  readonly plan: Plan;
  readonly planDigest: string;
  readonly inputs: JsonObject;
  readonly title: string;
  readonly target: JsonObject;
  readonly queue: { readonly lane?: string | undefined };
  /** Names of the secrets that it reads, where compiling it has told them: to find them again takes as long as that did. */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * The same as policies see it, but for its branch: a request may name several.
 * @param tools what each tool can do
 */
export function requestFacts(
  requested: Requested,
  tools: Pick<ToolContracts, 'get'>,
  proposer: PrincipalFacts | null = null,
): RequestFacts[] {
  const { plan, planDigest, target, title, queue } = requested;
  const steps = plan.steps.flatMap((step) => [step, ...(step.rollback ?? [])]);
  const facts = {
    environment: textOf(target['environment']),
    app: textOf(target['app']),
    kind: plan.kind,
    title,
    planDigest,
    lane: queue.lane ?? plan.lane ?? 'A',
    readOnly: steps.every((step) => onlyReads(step, tools)),
    isolated: steps.every(isIsolated),
    tools: [...new Set(steps.flatMap((step) => [...toolNames(step), ...checksOf(step)]))],
    secrets: [...(requested.secrets ?? readsOf(plan).secrets)],
    allowAddresses: listOf(target['allowAddresses']),
    proposer,
  };
  return branchesOf(requested).map((branch) => ({ ...facts, branch }));
}

/** A tool of an MCP server goes by its own name as well, so that policies can tell servers and tools apart however a step names them. */
function toolNames({ tool, args }: Step | RollbackStep): string[] {
  if (tool === undefined) return [];
  if (tool !== 'mcp') return parseMcpName(tool) === undefined ? [tool] : ['mcp', tool];
  const { server, tool: name } = args;
  return typeof server === 'string' && typeof name === 'string' ? [tool, mcpName({ server, tool: name })] : [tool];
}

/** That of the target, and what the inputs say: each is asked about, so that none hides behind another. */
function branchesOf({ target, inputs }: Requested): string[] {
  const named = [target['branch'], inputs['branch'], inputs['ref']].map(textOf).filter((branch) => branch !== '');
  return named.length === 0 ? [''] : [...new Set(named)];
}

const listOf = (value: JsonValue | undefined): string[] =>
  Array.isArray(value) ? value.map((one) => textOf(one)).filter((text) => text !== '') : [];

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

/** Tools that run programs of this machine; an MCP server may be one. */
const PROGRAMS: ReadonlySet<string> = new Set(['shell', 'agent', 'mcp']);

/**
 * Whether a step says that it only reads, and neither its tool nor a check of it could do more: whoever is told to run by itself what
 * reads would say it of anything.
 */
function onlyReads(step: Step | RollbackStep, tools: Pick<ToolContracts, 'get'>): boolean {
  if (step.readOnly !== true || runsPrograms(step)) return false;
  return step.tool === undefined || tools.get(step.tool)?.isReadOnly(step.action, step.args) === true;
}

/** Whether whatever programs a step runs, its checks among them, are kept from the machine. */
export function isIsolated(step: Step | RollbackStep): boolean {
  return !runsPrograms(step) || (step.sandbox !== undefined && step.sandbox.level !== 'none');
}

function runsPrograms(step: Step | RollbackStep): boolean {
  const { tool, args } = step;
  if (PROGRAMS.has(tool?.split(':')[0] ?? '') || checksOf(step).includes('shell')) return true;
  // With the keys that this machine's own agent holds for whoever sits at it.
  return tool === 'ssh' && (typeof args['auth'] !== 'object' || args['auth'] === null || 'agent' in args['auth']);
}

/** By which tools the checks of a step look. */
function checksOf({ verifiers, preconditions }: Step | RollbackStep): string[] {
  const checks = [...verifiers, ...preconditions.filter((one) => typeof one !== 'string')];
  return checks.flatMap(({ kind }) => TOOL_OF_CHECK[kind] ?? []);
}

const TOOL_OF_CHECK: Readonly<Record<string, string>> = { shell: 'shell', custom: 'shell', http: 'http', sql: 'sql' };
