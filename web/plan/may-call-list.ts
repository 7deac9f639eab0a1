import { judgeCall } from '#ir/allowlist.js';
import { toolsIn } from '../ui/tool-list.js';
import type { Compiled, PlanStep } from './compiled.js';

/** What `POST /v1/runs` takes for them; nothing typed: there is no list. */
export function toolsBody(text: string): { tools?: string[] } {
  const tools = toolsIn(text);
  return tools.length === 0 ? {} : { tools };
}

/** The tools that a plan itself uses, as a list would name them. */
export function toolsOfPlan({ plan }: Pick<Compiled, 'plan'>): string[] {
  return [...new Set(callsOf(plan).map(({ call }) => call))].sort();
}

/** Steps whose call the list does not name: they would fail before anything is called. Null: there is no list. */
export function unnamed({ plan }: Pick<Compiled, 'plan'>, tools: readonly string[] | null): string[] {
  if (tools === null) return [];
  const lists = [{ of: 'run', tools } as const];
  const names = (call: string) =>
    // Which program `shell` starts is known when it is called.
    'by' in judgeCall(call, lists) || (!call.includes(':') && tools.some((entry) => entry.startsWith(`${call}:`)));
  return callsOf(plan).flatMap(({ step, call }) => (names(call) ? [] : [`${step} (${call})`]));
}

function callsOf(plan: Compiled['plan']): { step: string; call: string }[] {
  const { steps } = plan as { steps: readonly PlanStep[] };
  const all = steps.flatMap((step) => [
    step,
    ...(step.rollback ?? []).map((back) => ({ ...back, id: `${step.id}/${back.id}` })),
  ]);
  return all.flatMap(({ id, tool, args }) => (tool === undefined ? [] : [{ step: id, call: callOf(tool, args) }]));
}

/** `tool: mcp` names its server and tool in its arguments. */
function callOf(tool: string, args: unknown): string {
  const { server, tool: named } = (args ?? {}) as { server?: unknown; tool?: unknown };
  return tool === 'mcp' && typeof server === 'string' && typeof named === 'string' ? `mcp:${server}:${named}` : tool;
}
