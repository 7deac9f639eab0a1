import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { refusal } from './problem.js';

const LOOPBACK = /^(::ffff:)?127(\.\d{1,3}){3}$|^::1$/i;
/** A credential of this machine, in either header that carries one. */
const OF_THIS_MACHINE = /^(bearer\s+)?opsl_/i;

/**
 * The credential of this machine stands for who may read its data directory, so it opens the room from this machine only,
 * also when the room is open to the network: whoever carried it off gains nothing elsewhere. Valid or not, it is refused
 * alike.
 *
 * @param publicUrl the origin of a proxy in front
 */
export function thisMachineOnly(publicUrl: string | undefined): MiddlewareHandler {
  return async (context, next) => {
    const { headers } = context.req.raw;
    const given = [headers.get('x-api-key'), headers.get('authorization')];
    if (!isFromHere(context, publicUrl) && given.some((value) => OF_THIS_MACHINE.test(value?.trim() ?? '')))
      return refusal('KEY_REFUSED', 'The credential of this machine is not accepted from another one.');
    return next();
  };
}

/** Whether a request begins on this machine, and not at a proxy on it. @param publicUrl the origin of a proxy in front */
export function isFromHere(context: Context, publicUrl: string | undefined): boolean {
  const publicHost = publicUrl && new URL(publicUrl).host;
  return !isElsewhere(context) && !isPassedOn(context.req.raw.headers, publicHost);
}

function isElsewhere({ env }: Context): boolean {
  const address = (env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress;
  return address !== undefined && !LOOPBACK.test(address);
}

/** What a proxy adds to what it passes on. */
const OF_A_PROXY = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/** Through a proxy on this machine everybody has its address. No program here asks by its name, or sends its headers. */
function isPassedOn(headers: Headers, publicHost: string | undefined): boolean {
  const host = headers.get('host')?.toLowerCase();
  return (publicHost !== undefined && host === publicHost) || OF_A_PROXY.some((name) => headers.has(name));
}
