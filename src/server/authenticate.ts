import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { asOpsroomError, CATALOGUE } from '#kit/errors.js';
import type { Room } from '#operations/room.js';
import { addressKey } from './address-key.js';
import { ApiLimit } from './api-limit.js';
import type { ApiEnv, ApiParts } from './api-parts.js';
import { CLIENT_HEADER, withClient } from './client-id.js';
import { presentedBy } from './credentials.js';
import { crossSite } from './cross-site.js';
import { Guests } from './guests.js';
import { refusal } from './problem.js';

/**
 * Finds out whose a request is. A stranger's address is counted only when its key has failed, and from one that fails too often
 * nobody unknown is looked up for a while: whoever was let in before is never held up by those who guess, also behind a proxy,
 * where all have one address. What a proxy says about addresses is not believed: anybody can say it.
 */
export function authenticated(parts: ApiParts): MiddlewareHandler<ApiEnv> {
  const { enter, publicUrl, rates, refused = () => undefined } = parts;
  const limit = new ApiLimit(rates);
  const guests = new Guests();
  return async (context, next) => {
    const address = addressOf(context);
    const counted = addressKey(address);
    let room: Room;
    try {
      const presented = presentedBy(context.req.raw.headers);
      // A browser adds its cookie to whatever a page asks for; a credential is sent by whoever means it.
      const elsewhere = presented.credential === undefined && presented.cookie !== undefined;
      const reason = elsewhere ? crossSite(context.req.raw, publicUrl) : undefined;
      if (reason !== undefined) return refusal('CROSS_SITE', reason);
      const waitS = guests.waitS(presented, counted, performance.now());
      if (waitS > 0) return tooMany(waitS);
      room = await enter(presented);
      guests.welcome(presented);
    } catch (error) {
      if (!isRefused(error)) throw error;
      refused(asOpsroomError(error).code, address);
      const waitS = await limit.waitS('stranger', counted);
      if (waitS === 0) throw error;
      guests.shut(counted, waitS, performance.now());
      return tooMany(waitS);
    }
    const waitS = await limit.waitS('key', `${room.org} ${room.by}`);
    if (waitS > 0) return tooMany(waitS);
    const placed = address === '' ? room : { ...room, origin: { ...room.origin, address } };
    context.set('room', await withClient(placed, context.req.header(CLIENT_HEADER)));
    return next();
  };
}

const isRefused = (error: unknown): boolean => CATALOGUE[asOpsroomError(error).code].http === 401;

export function tooMany(waitS: number): Response {
  return refusal('TOO_MANY_REQUESTS', `Ask again in ${waitS} s.`, { 'retry-after': String(waitS) });
}

/** Of the connection; empty where there is none. */
export function addressOf({ env }: Context): string {
  return (env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress ?? '';
}
