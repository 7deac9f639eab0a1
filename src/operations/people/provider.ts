import { z } from 'zod';
import type { Auth } from '#identity/auth.js';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import { validated } from '../invoke.js';
import { type Answered, asking, cookiesOf, type Desk, headersOf, type Visitor } from './desk.js';

/** Where to go afterwards: a page of the room. `//host` and `/\host` would be elsewhere. */
const place = z
  .string()
  .max(1000)
  .regex(/^\/(?![/\\])[^\\\s]*$/, 'must be a page of the room')
  .default('/');
const departure = z.strictObject({ provider: z.enum(['github', 'google', 'oidc']), next: place });

/** Where a provider asks who somebody is, to be opened by their browser. */
export interface Departure {
  readonly url: string;
}

/** @throws OpsroomError NOT_FOUND for a provider that is not configured or does not answer */
export async function startAtProvider(desk: Desk, input: unknown, visitor: Visitor): Promise<Answered<Departure>> {
  const { provider, next } = validated(departure, input);
  if (!desk.signIn.providers.some(({ id }) => id === provider)) {
    throw new OpsroomError('NOT_FOUND', {
      what: 'There is no such way to sign in.',
      where: provider,
      mend: 'Choose one that the sign-in page shows.',
    });
  }
  try {
    return await leave(await desk.auth(), provider, next, visitor);
  } catch (error) {
    if (asOpsroomError(error).code !== 'NOT_FOUND') throw error;
    desk.reopen(); // it was away when it was first asked for its addresses
    return leave(await desk.auth(), provider, next, visitor);
  }
}

async function leave(auth: Auth, provider: string, next: string, visitor: Visitor): Promise<Answered<Departure>> {
  const body = { provider, callbackURL: next, errorCallbackURL: '/sign-in', disableRedirect: true };
  const headers = headersOf(visitor);
  const answer = await asking(() => auth.api.signInSocial({ body, headers, returnHeaders: true }));
  const { url } = answer.response;
  if (url === undefined) throw new OpsroomError('INTERNAL', { what: 'The provider has no address.', where: provider });
  return { body: { url }, cookies: cookiesOf(answer.headers) };
}

/** The way back from a provider: checks what it brings, and answers with a redirection to a page of the room. */
export function returnFromProvider(desk: Desk, path: string, visitor: Visitor): Promise<Response> {
  const headers = headersOf(visitor);
  return asking(async () => (await desk.auth()).handler(new Request(new URL(path, desk.url()), { headers })));
}
