import createClient, { type Middleware } from 'openapi-fetch';
import { takeEarly } from './early.js';
import { toProblem } from './problem.js';
import { learnClock } from './room-clock.js';
import type { paths } from './schema.js';

const sent = new WeakMap<Request, number>();

/** Every answer tells the room's time and version; one that refuses becomes a `Problem`, which is thrown. */
const watch: Middleware = {
  onRequest({ request }) {
    // A page of another origin cannot send this without being asked first.
    request.headers.set('x-opsroom', '1');
    sent.set(request, Date.now());
    return request;
  },
  async onResponse({ request, response }) {
    learnClock(response.headers.get('date'), sent.get(request) ?? Date.now(), Date.now());
    noteVersion(response.headers.get('x-opsroom-version'));
    if (response.status === 401) for (const listener of strangers) listener();
    if (!response.ok) throw await toProblem(response);
    return response;
  },
};

/** Asks the room, unless that was done before the program was there. */
function ask(request: Request): Promise<Response> {
  const early = takeEarly(request);
  if (!early) return fetch(request);
  sent.set(request, early.sentMs);
  return early.answer.catch(() => fetch(request));
}

/** The room's API, typed from docs/openapi.json. A refusal throws a `Problem`. */
export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
  fetch: ask,
});
api.use(watch);

const strangers = new Set<() => void>();

/** Calls back when the room does not know (any more) who looks at the page. */
export function onSignedOut(listener: () => void): () => void {
  strangers.add(listener);
  return () => void strangers.delete(listener);
}

let version: string | undefined;
const upgraded = new Set<() => void>();

/** Calls back once the room answers as another version than the one that this page came from. */
export function onUpgrade(listener: () => void): () => void {
  upgraded.add(listener);
  return () => void upgraded.delete(listener);
}

function noteVersion(seen: string | null): void {
  if (seen === null || seen === version) return;
  if (version !== undefined) for (const listener of upgraded) listener();
  version ??= seen;
}

/** The data of an answer; openapi-fetch types it as absent, which a thrown refusal rules out. */
export async function read<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) throw new TypeError('The room answered without data.');
  return data;
}
