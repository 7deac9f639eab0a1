import type { IncomingMessage, ServerResponse } from 'node:http';
import { requestBody } from '../../harness/http-server.js';

/** Of one connection alone, or no longer true once the body was read. */
const OF_THE_HOP = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

const kept = (headers: Iterable<readonly [string, string]>) =>
  Object.fromEntries([...headers].filter(([name]) => !OF_THE_HOP.has(name)));

/**
 * Hands a request on to another server, and its answer back; redirects are the asker's business.
 * @param seen gets the answer before the asker does
 */
export async function forward(
  to: string,
  request: IncomingMessage,
  response: ServerResponse,
  seen: (answer: Response) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const body = await requestBody(request);
  const sent = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const answer = await fetch(`${to}${request.url ?? '/'}`, {
    method: request.method ?? 'GET',
    headers: kept(sent),
    redirect: 'manual',
    ...(body === '' ? {} : { body }),
  });
  await seen(answer.clone());
  response.writeHead(answer.status, kept(answer.headers));
  response.end(await answer.text());
}
