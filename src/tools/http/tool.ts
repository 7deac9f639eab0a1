import type { z } from 'zod';
import type { CallContext, Tool, ToolContract, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { type Clock, systemClock } from '#kit/clock.js';
import { deadline } from '#sandbox/deadline.js';
import { sendsToUrl } from '#sandbox/destinations.js';
import { guardedFetch } from '#sandbox/fetch.js';
import { failed, parseArgs } from '../failure.js';
import { answered } from './answer.js';
import { httpArgsSchema, READING } from './args.js';
import { buildRequest } from './request.js';

const contract: ToolContract = {
  id: 'http',
  summary: 'Sends one HTTP request. Private addresses are refused unless the target allows them.',
  defaultAction: 'request',
  actions: ['request'],
  args: httpArgsSchema as unknown as z.ZodType<JsonObject>,
  literal: [],
  sends: sendsToUrl('url'),
  isReadOnly: (_action, args) => {
    const method = args['method'] ?? 'GET';
    return typeof method === 'string' && READING.has(method.toUpperCase());
  },
};

/**
 * The `http` tool. Output: `{ status, headers, body, bodyEncoding: 'json' | 'text' | 'base64', truncated, url }`. Statuses
 * outside `expectStatus` fail the step: 408, 429 and 5xx may be retried (after `Retry-After`), others not.
 */
export function httpTool(clock: Clock = systemClock): Tool {
  return { contract, run: (_action, args, context) => send(args, context, clock) };
}

async function send(raw: JsonObject, context: CallContext, clock: Clock): Promise<ToolResult> {
  const limit = deadline(context.signal, context.timeoutMs);
  try {
    const args = parseArgs(httpArgsSchema, raw);
    const { maxRedirects, maxBytes, expectStatus } = args;
    const signal = args.timeoutMs === undefined ? limit : deadline(limit, args.timeoutMs);
    const request = buildRequest(args, context.idempotencyKey);
    const reply = await guardedFetch({
      ...request,
      allowAddresses: context.allowAddresses,
      mayReach: context.mayReach,
      signal,
      maxRedirects,
      maxBytes,
    });
    return answered(reply, expectStatus, clock.now());
  } catch (error) {
    return failed(error);
  }
}
