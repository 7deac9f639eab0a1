import type { CallToolResult, Tool } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { intentPage, runPage } from '#kit/pages.js';
import { invoke } from '#operations/invoke.js';
import type { Operation } from '#operations/operation.js';
import { OPERATIONS } from '#operations/registry.js';
import type { Room } from '#operations/room.js';
import { readRun } from '#operations/runs/reference.js';
import { schemaOf } from '../json-schema.js';
import { answered, refused } from './answer.js';
import { type Asking, type ModelTool, outputSchemaOf } from './model-tool.js';
import { neverForModels, OFFERS, type Offer, toolName } from './offered.js';
import { waits } from './wait.js';

const byName = new Map(OPERATIONS.map((operation) => [operation.name, operation]));

function offered(offer: Offer): ModelTool {
  const operation = byName.get(offer.operation);
  const why = operation ? neverForModels(operation) : 'there is no such operation';
  if (!operation || why !== undefined) {
    throw new OpsroomError('INTERNAL', { what: `No model may be offered this: ${why}.`, where: offer.operation });
  }
  const { without = [], page } = offer;
  const called = offer.own ? forOwnRuns(operation) : operation;
  return {
    operation,
    tool: toolOf(operation, offer),
    run: async (args, room) => {
      const foreign = without.find((member) => Object.hasOwn(args, member));
      if (foreign !== undefined) throw new OpsroomError('USAGE', { what: `"${foreign}" is not for a model to say.` });
      const output = (await invoke(called, args, room)) as object;
      return page === undefined ? output : { ...output, link: linkOf(page, output, room) };
    },
  };
}

/** The operation for runs that the caller has started; others are refused as DENIED, which the audit log notes. */
function forOwnRuns(operation: Operation): Operation {
  return {
    ...operation,
    run: async (input, room) => {
      const { run } = input as { run: string };
      const { requested_by: by, id } = await readRun(room, run);
      const { by: me, aliases = [] } = room.principal;
      // By its id: by the time that it is asked for, `last` may be another's.
      if (by === room.by || by === me || aliases.includes(by))
        return operation.run({ ...(input as object), run: id }, room);
      throw new OpsroomError('DENIED', { what: `The run is of ${by}; a model controls its own only.`, where: id });
    },
  };
}

function linkOf(page: 'intent' | 'run', output: object, room: Room): string {
  const { intentId = '', runId = '' } = output as { intentId?: string; runId?: string };
  return `${room.url()}${page === 'intent' ? intentPage(intentId) : runPage(runId)}`;
}

function toolOf(operation: Operation, { title, more, idempotent, without = [], page }: Offer): Tool {
  const { name, summary, changes, consequential } = operation;
  const { properties = {}, ...input } = schemaOf(operation.input, 'input') as { properties?: JsonObject };
  const kept = Object.fromEntries(Object.entries(properties).filter(([member]) => !without.includes(member)));
  return {
    name: toolName(name),
    title,
    description: more === undefined ? summary : `${summary} ${more}`,
    inputSchema: { ...input, type: 'object', properties: kept },
    outputSchema: outputSchemaOf(operation.output, page === undefined ? {} : { link: { type: 'string' } }),
    annotations: {
      title,
      readOnlyHint: !changes,
      destructiveHint: changes && consequential,
      idempotentHint: !changes || idempotent === true,
      openWorldHint: consequential,
    },
  };
}

/** Every tool there is, by its name. */
const TOOLS: ReadonlyMap<string, ModelTool> = new Map(
  [...OFFERS.map(offered), ...waits()].map((one) => [one.tool.name, one]),
);
/** What a tool of this name would be, were it offered. */
const KEPT_BACK = new Map(OPERATIONS.map((operation) => [toolName(operation.name), operation]));

/** The tools that whoever the room stands for has the permission for. */
export function toolsFor({ permissions }: Pick<Room, 'permissions'>): Tool[] {
  const mine = [...TOOLS.values()].filter(({ operation }) => permissions?.has(operation.permission) !== false);
  return mine.map(({ tool }) => tool);
}

/**
 * Calls a tool. What is refused is a result that the model reads.
 * @throws ProtocolError for a name that is no tool
 */
export async function callTool(
  { name, args }: { readonly name: string; readonly args: Record<string, unknown> },
  room: Room,
  asking: Asking,
): Promise<CallToolResult> {
  const tool = TOOLS.get(name);
  try {
    if (!tool) return await refuseKeptBack(name, args, room);
    const output = await tool.run(args, room, asking);
    return answered(output, tool.operation.output);
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    return refused(error, room);
  }
}

/** Whoever tries what no model may is told so, and the audit log has it. */
async function refuseKeptBack(name: string, input: unknown, room: Room): Promise<never> {
  const operation = KEPT_BACK.get(name);
  if (!operation) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool "${name.slice(0, 100)}".`);
  const why = neverForModels(operation) ?? 'it is not among the tools';
  const what = `No model may do this: ${why}.`;
  const refusing: Operation<unknown, never> = {
    ...operation,
    input: z.unknown(),
    output: z.never(),
    run: () => Promise.reject(new OpsroomError('DENIED', { what, where: operation.name })),
  };
  return invoke(refusing, input, room);
}
