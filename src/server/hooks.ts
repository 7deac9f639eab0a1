import { Hono } from 'hono';
import { asOpsroomError, CATALOGUE } from '#kit/errors.js';
import { parsePayload } from '#operations/webhooks/payload.js';
import type { Later, Posted, Received } from '#operations/webhooks/receive.js';
import { addressKey } from './address-key.js';
import { limited } from './api.js';
import { ApiLimit } from './api-limit.js';
import type { ApiParts } from './api-parts.js';
import { addressOf, tooMany } from './authenticate.js';
import { Guests } from './guests.js';
import { MAX_BODY_BYTES } from './routes.js';

export interface HookParts {
  /** Takes what comes to the address of a webhook. */
  readonly receive: (posted: Posted) => Promise<Received | Later>;
}

/**
 * Below `/hooks`: where senders of webhooks post to. No key opens it and none is needed: what is signed is let in. An address is
 * slowed down by what was refused, and one that was refused too often is not looked at for a while, but for the webhooks to which
 * it sent something signed: whoever guesses does not hold up who signs, also behind a proxy, where all have one address.
 */
export function createHooks({ receive, rates }: Pick<ApiParts, 'rates'> & HookParts): Hono {
  const hooks = new Hono();
  const limit = new ApiLimit(rates);
  const guests = new Guests();
  hooks.post('/hooks/:id', limited(MAX_BODY_BYTES), async (context) => {
    const id = context.req.param('id');
    const address = addressOf(context);
    const counted = addressKey(address);
    const sender = { credential: `${counted} ${id}` };
    const shutS = guests.waitS(sender, counted, performance.now());
    if (shutS > 0) return tooMany(shutS);
    const posted = await postedTo(id, address, context.req.raw);
    try {
      const received = await receive(posted);
      guests.welcome(sender);
      if ('waitMs' in received) return tooMany(Math.ceil(received.waitMs / 1000));
      return context.json(received, STATUS[received.verdict]);
    } catch (error) {
      const refused = CATALOGUE[asOpsroomError(error).code].http < 500;
      const waitS = refused ? await limit.waitS('stranger', counted) : 0;
      if (waitS === 0) throw error;
      guests.shut(counted, waitS, performance.now());
      return tooMany(waitS);
    }
  });
  return hooks;
}

async function postedTo(id: string, from: string, request: Request): Promise<Posted> {
  const { headers } = request;
  const body = new Uint8Array(await request.arrayBuffer());
  const parse = (bytes: Uint8Array) => parsePayload(bytes, headers.get('content-type') ?? '');
  return { id, headers, body, from, parse };
}

/** 422 shows in the sender's own list that nothing was started. */
const STATUS = {
  started: 202,
  asked: 202,
  claimed: 202,
  filtered: 200,
  ignored: 200,
  duplicate: 200,
  refused: 422,
} as const;
