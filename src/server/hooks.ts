import { Hono } from 'hono';
import { asOpsroomError, CATALOGUE } from '#kit/errors.js';
import { parsePayload } from '#operations/webhooks/payload.js';
import type { Posted, Received } from '#operations/webhooks/receive.js';
import { limited } from './api.js';
import { ApiLimit } from './api-limit.js';
import type { ApiParts } from './api-parts.js';
import { addressOf, tooMany } from './authenticate.js';
import { MAX_BODY_BYTES } from './routes.js';

export interface HookParts {
  /** Takes what comes to the address of a webhook. */
  readonly receive: (posted: Posted) => Promise<Received>;
}

/**
 * Below `/hooks`: where senders of webhooks post to. No key opens it and none is needed: what is signed is let in. An address is
 * slowed down by what was refused, so that whoever guesses does not hold up who signs.
 */
export function createHooks({ receive, rates }: Pick<ApiParts, 'rates'> & HookParts): Hono {
  const hooks = new Hono();
  const limit = new ApiLimit(rates);
  hooks.post('/hooks/:id', limited(MAX_BODY_BYTES), async (context) => {
    const { headers } = context.req.raw;
    const body = new Uint8Array(await context.req.arrayBuffer());
    const from = addressOf(context);
    try {
      const parse = (bytes: Uint8Array) => parsePayload(bytes, headers.get('content-type') ?? '');
      const received = await receive({ id: context.req.param('id'), headers, body, from, parse });
      return context.json(received, STATUS[received.verdict]);
    } catch (error) {
      const refused = CATALOGUE[asOpsroomError(error).code].http < 500;
      const waitS = refused ? await limit.waitS('stranger', from) : 0;
      if (waitS > 0) return tooMany(waitS);
      throw error;
    }
  });
  return hooks;
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
