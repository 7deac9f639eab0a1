import type { Tool } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { EventHub } from '#operations/events/hub.js';
import type { Operation } from '#operations/operation.js';
import type { Room } from '#operations/room.js';
import { type Schema, schemaOf } from '../json-schema.js';

/** What a call has besides its arguments. */
export interface Asking {
  readonly hub: EventHub;
  /** Aborts when whoever asked has gone, or wants it no more. */
  readonly signal: AbortSignal;
  /** Tells how it goes; nothing where nobody wants to know. */
  readonly progress: (count: number, message: string) => Promise<void>;
}

/** An operation that a model may call. */
export interface ModelTool {
  readonly operation: Operation;
  readonly tool: Tool;
  /** @throws OpsroomError */
  run(args: Record<string, unknown>, room: Room, asking: Asking): Promise<object>;
}

/** Open, for an answer that was cut has a `note`. */
export function outputSchemaOf(output: z.ZodType, more: Schema = {}): Tool['outputSchema'] & object {
  const { properties = {}, ...schema } = opened(schemaOf(output, 'output')) as { properties?: Schema };
  return { ...schema, type: 'object', properties: { ...properties, ...more, note: { type: 'string' } } };
}

function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key, member]) => key !== 'additionalProperties' || member !== false);
  return Object.fromEntries(members.map(([key, member]) => [key, opened(member)]));
}
