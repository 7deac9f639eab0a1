import { type Context, Hono, type MiddlewareHandler } from 'hono';
import type { Answered, Visitor } from '#operations/people/desk.js';
import type { People } from '#operations/people/people.js';
import type { Room } from '#operations/room.js';
import { addressKey } from './address-key.js';
import { limited } from './api.js';
import type { ApiParts } from './api-parts.js';
import { addressOf, tooMany } from './authenticate.js';
import { presentedBy } from './credentials.js';
import { crossSite } from './cross-site.js';
import { refusal } from './problem.js';
import { RateLimit, STRANGER_RATE } from './rate-limit.js';
import { readBody } from './request.js';
import { isFromHere } from './this-machine.js';

export interface SignInParts extends Pick<ApiParts, 'enter' | 'publicUrl'> {
  readonly people: People;
}

/** Names and passwords are short. */
const MAX_BYTES = 16 * 1024;
/** Whoever mistypes waits seconds; whoever guesses waits for years. */
const ADDRESS_RATE = { perSecond: 1 / 6, burst: 10 };
/** Of one e-mail, wherever from: an attack from many addresses must not guess faster. */
const EMAIL_RATE = { perSecond: 1 / 30, burst: 20 };

/** Below `/auth`: what a browser asks before and about signing in. Every answer that signs in sets the cookie. */
export function createSignIn(parts: SignInParts): Hono {
  const { people } = parts;
  const auth = new Hono().basePath('/auth');
  auth.use(ownPages(parts), limited(MAX_BYTES));
  const counted = failures(new RateLimit(ADDRESS_RATE), (context) => Promise.resolve(addressKey(addressOf(context))));
  const countedByEmail = failures(new RateLimit(EMAIL_RATE), emailOf);
  const asked = new RateLimit(STRANGER_RATE);
  auth.get('/state', async (context) => {
    const who = addressKey(addressOf(context));
    const waitS = asked.take(who, performance.now());
    if (waitS > 0) return tooMany(waitS);
    const state = await people.state(visitorOf(context));
    if (state.body.signedIn) asked.giveBack(who);
    return answer(context, state);
  });
  auth.post('/sign-in', counted, countedByEmail, async (context) =>
    answer(context, await people.signIn(await readBody(context), visitorOf(context))),
  );
  auth.post('/sign-out', async (context) => answer(context, await people.signOut(visitorOf(context))));
  auth.post('/welcome/look', counted, async (context) =>
    context.json(await people.lookAtLink(await readBody(context))),
  );
  auth.post('/welcome', counted, async (context) =>
    answer(context, await people.welcome(await readBody(context), visitorOf(context, parts.publicUrl))),
  );
  auth.post('/invitation/look', counted, async (context) =>
    context.json(await people.lookAtInvitation(await readBody(context), visitorOf(context))),
  );
  auth.post('/invitation', counted, async (context) =>
    answer(context, await people.acceptInvitation(await readBody(context), visitorOf(context))),
  );
  auth.post('/profile', counted, async (context) => {
    const room: Room = await parts.enter(presentedBy(context.req.raw.headers));
    return context.json(await people.changeProfile(room, await readBody(context)));
  });
  addProviders(auth, people);
  return auth;
}

/** Counts requests that are refused; whoever succeeds is never held up by it. */
function failures(rate: RateLimit, who: (context: Context) => Promise<string>): MiddlewareHandler {
  return async (context, next) => {
    const name = await who(context);
    const waitS = rate.take(name, performance.now());
    if (waitS > 0) return tooMany(waitS);
    await next();
    if (context.res.status < 400) rate.giveBack(name);
    return undefined;
  };
}

/** Longer ones are no e-mails; they must not fill the memory of who was counted. */
const MOST_OF_EMAIL = 320;

/** Whose sign-in it would be; as better-auth looks them up. What is no e-mail is refused later. */
async function emailOf(context: Context): Promise<string> {
  return String((await readBody(context))['email'])
    .trim()
    .toLowerCase()
    .slice(0, MOST_OF_EMAIL);
}

/** Each is counted, whatever comes of it: it writes a state or asks the provider, and a way back that fails is a redirection as well. */
function addProviders(auth: Hono, people: People): void {
  const strangers = new RateLimit(STRANGER_RATE);
  const counted: MiddlewareHandler = async (context, next) => {
    const waitS = strangers.take(addressKey(addressOf(context)), performance.now());
    return waitS > 0 ? tooMany(waitS) : next();
  };
  auth.post('/provider', counted, async (context) =>
    answer(context, await people.startAtProvider(await readBody(context), visitorOf(context))),
  );
  auth.get('/callback/:provider', counted, async (context) => {
    const { pathname, search } = new URL(context.req.url);
    const response = await people.returnFromProvider(`${pathname}${search}`, visitorOf(context));
    const headers = new Headers({ location: response.headers.get('location') ?? '/sign-in' });
    for (const cookie of response.headers.getSetCookie()) headers.append('set-cookie', secured(context, cookie));
    return new Response(null, { status: 302, headers });
  });
}

/** Also before anybody is signed in: a page elsewhere must not sign a browser in as somebody else, or use up a link. */
function ownPages({ publicUrl }: SignInParts): MiddlewareHandler {
  return async ({ req }, next) => {
    // From a provider a browser comes by a link, which is cross-site and has to be; `state` holds what a forger lacks.
    const reason = req.method === 'GET' ? undefined : crossSite(req.raw, publicUrl);
    return reason === undefined ? next() : refusal('CROSS_SITE', reason);
  };
}

function visitorOf(context: Context, publicUrl?: string): Visitor {
  const { req } = context;
  const here = isFromHere(context, publicUrl);
  return { cookie: req.header('cookie'), agent: req.header('user-agent'), address: addressOf(context), here };
}

function answer(context: Context, { body, cookies }: Answered<object>): Response {
  for (const cookie of cookies) context.header('set-cookie', secured(context, cookie), { append: true });
  return context.json(body);
}

/** Behind TLS the cookie never travels without. Whoever lies about TLS lies to nobody but themselves. */
function secured({ req }: Context, cookie: string): string {
  const tls = req.header('x-forwarded-proto') === 'https';
  return tls && !/;\s*secure/i.test(cookie) ? `${cookie}; Secure` : cookie;
}
