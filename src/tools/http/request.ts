import type { JsonValue } from '#ir/json.js';
import type { Hop } from '#sandbox/redirect.js';
import { type HttpArgs, READING } from './args.js';

/** The request that the arguments describe. `Idempotency-Key` is added to methods that change something, unless the plan sets it. */
export function buildRequest(args: HttpArgs, idempotencyKey: string): Hop {
  const body =
    args.body === undefined
      ? undefined
      : encodeBody(args.body, args.bodyType ?? (typeof args.body === 'string' ? 'text' : 'json'));
  const given = Object.entries(args.headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  const headers: Record<string, string> = {
    accept: '*/*',
    'user-agent': 'opsroom',
    ...(READING.has(args.method) ? {} : { 'idempotency-key': idempotencyKey }),
    ...(body ? { 'content-type': body.type } : {}),
    ...Object.fromEntries(given),
    ...authorization(args.auth),
  };
  return { method: args.method, url: withQuery(args.url, args.query), headers, ...(body ? { body: body.text } : {}) };
}

function encodeBody(body: JsonValue, kind: 'json' | 'text' | 'form'): { type: string; text: string } {
  if (kind === 'json') return { type: 'application/json', text: JSON.stringify(body) };
  if (kind === 'text')
    return { type: 'text/plain; charset=utf-8', text: typeof body === 'string' ? body : JSON.stringify(body) };
  const pairs = Object.entries(body ?? {}).map(([name, value]): [string, string] => [
    name,
    value === null ? '' : String(value),
  ]);
  return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(pairs).toString() };
}

function authorization(auth: HttpArgs['auth']): { authorization?: string } {
  if (!auth) return {};
  if ('bearer' in auth) return { authorization: `Bearer ${auth.bearer}` };
  const { username, password } = auth.basic;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}` };
}

/** Appends to the text, not to a parsed URL: parsing would normalise the host before `safeUrl` has seen how it was written. */
function withQuery(url: string, query: HttpArgs['query']): string {
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] => {
    if (value === null) return [];
    return (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]);
  });
  if (pairs.length === 0) return url;
  const bare = url.split('#', 1)[0] ?? url;
  return `${bare}${bare.includes('?') ? '&' : '?'}${new URLSearchParams(pairs).toString()}`;
}
