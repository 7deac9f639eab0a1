import { z } from 'zod';
import type { CallContext, CheckResult, VerifierKind } from '#ir/calls.js';
import type { JsonValue } from '#ir/json.js';
import { sendsToUrl } from '#sandbox/destinations.js';
import { type FetchReply, guardedFetch } from '#sandbox/fetch.js';
import { isHeaderName } from '#sandbox/headers.js';
import { type ReadableBody, readableBody } from '#sandbox/reply.js';
import { asUnreachable, isAbsent } from '#sandbox/unreachable.js';
import { verifierKind } from './config.js';
import { capJson, inconclusive, inWords } from './evidence.js';
import { poll, pollFields } from './poll.js';
import { mismatch } from './subset.js';

const status = z.int().min(100).max(599);
const json = z.json() as z.ZodType<JsonValue>;

const configSchema = z.strictObject({
  url: z.string().min(1).max(8192),
  method: z.enum(['GET', 'HEAD', 'OPTIONS', 'POST']).default('GET'),
  headers: z
    .record(z.string().refine(isHeaderName, 'not a header, or one that is set by the connection'), z.string())
    .default({}),
  /** For a POST that only asks (GraphQL, JSON-RPC); it is also sent before the step runs. */
  body: json.optional(),
  expectedStatus: z.union([status, z.array(status).min(1)]).default(200),
  /** Must be contained in the JSON answer (see `mismatch`). */
  json: json.optional(),
  bodyContains: z.string().min(1).optional(),
  maxRedirects: z.int().min(0).max(20).default(5),
  ...pollFields,
});
type Config = z.output<typeof configSchema>;

const MAX_BYTES = 1024 * 1024;

/** Sends a request and compares status and body. Nobody listening is a finding; a timeout or a refused address is not. */
export function httpKind(): VerifierKind {
  return verifierKind({
    contract: {
      kind: 'http',
      summary: 'An HTTP answer has the expected status, JSON or text.',
      literal: [],
      sends: sendsToUrl('url'),
      subject: () => 'outside',
      expectation: ['json', 'bodyContains'],
    },
    config: configSchema,
    check: (config, { phase }, context) => poll((signal) => look(config, context, signal), config, { phase, context }),
  });
}

async function look(config: Config, context: CallContext, signal: AbortSignal): Promise<CheckResult> {
  const { url, method, maxRedirects } = config;
  const given = Object.entries(config.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const encoded = config.body === undefined ? {} : { body: JSON.stringify(config.body) };
  const headers = {
    accept: '*/*',
    'user-agent': 'opsroom',
    ...(encoded.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...Object.fromEntries(given),
  };
  try {
    const { allowAddresses, mayReach } = context;
    const request = { url, method, headers, ...encoded, maxRedirects, maxBytes: MAX_BYTES };
    return compare(config, await guardedFetch({ ...request, allowAddresses, mayReach, signal }));
  } catch (thrown) {
    const error = asUnreachable(thrown);
    const evidence = { url, error: { code: error.code, message: error.message } };
    return isAbsent(thrown)
      ? { passed: false, summary: error.message, evidence }
      : inconclusive(error.message, evidence);
  }
}

function compare(config: Config, reply: FetchReply): CheckResult {
  const read = readableBody(reply);
  const found = [statusProblem(config, reply.status), jsonProblem(config, read), textProblem(config, reply)].find(
    (problem) => problem !== undefined,
  );
  const evidence = {
    url: reply.url,
    status: reply.status,
    contentType: reply.headers['content-type'] ?? null,
    body: capJson(read.body as JsonValue),
    ...(reply.truncated ? { truncated: true } : {}),
  };
  return {
    passed: found === undefined,
    summary: found ?? `${reply.url} answered ${reply.status} as expected`,
    evidence,
  };
}

function statusProblem({ expectedStatus }: Config, found: number): string | undefined {
  const expected = Array.isArray(expectedStatus) ? expectedStatus : [expectedStatus];
  return expected.includes(found) ? undefined : `The status is ${found}, expected ${expected.join(' or ')}`;
}

function jsonProblem(config: Config, read: ReadableBody): string | undefined {
  if (config.json === undefined) return undefined;
  if (read.bodyEncoding !== 'json') return 'The answer is not JSON';
  return mismatch(config.json, read.body as JsonValue, 'body');
}

function textProblem({ bodyContains }: Config, reply: FetchReply): string | undefined {
  if (bodyContains === undefined || reply.body.includes(bodyContains)) return undefined;
  return `The body does not contain ${inWords(bodyContains)}`;
}
