import { OpsroomError } from '#kit/errors.js';
import type { TellPorts } from '#notify/tell.js';
import { guardedFetch } from '#sandbox/fetch.js';
import { asUnreachable } from '#sandbox/unreachable.js';
import { retryAfterMs } from '#tools/http/answer.js';
import type { Room } from '../room.js';
import { mailWithin } from './mail.js';

/** Within half of what a claim holds. */
const PATIENCE_MS = 20_000;

/** What telling needs, from the room. */
export function tellPorts(room: Pick<Room, 'ports' | 'url'>): TellPorts {
  const { ports } = room;
  const mail = mailWithin(PATIENCE_MS / 2);
  let mask = (text: string): string => text;
  return {
    clock: ports.clock,
    random: () => ports.random(),
    roomUrl: room.url,
    secret: async (org, name) => {
      const known = await ports.secrets(org, {});
      mask = (text) => known.mask.text(text);
      return known.values[name];
    },
    mask: (text) => mask(text),
    post: async (url, { headers, body }, allowAddresses) => {
      const reply = await guardedFetch({
        url,
        method: 'POST',
        headers: { ...headers, 'user-agent': 'opsroom' },
        body,
        allowAddresses,
        signal: AbortSignal.timeout(PATIENCE_MS),
        maxRedirects: 0,
        maxBytes: 4096,
      }).catch((error: unknown) => {
        throw asUnreachable(ofRule(error));
      });
      return { status: reply.status, retryAfterMs: retryAfterMs(reply.headers['retry-after'], ports.clock.now()) };
    },
    mail: (...letter) =>
      mail(...letter).catch((error: unknown) => {
        throw ofRule(error);
      }),
  };
}

/** What a plan allows in its target, a rule allows itself. */
function ofRule(error: unknown): unknown {
  if (!(error instanceof OpsroomError) || error.code !== 'ADDRESS_REFUSED') return error;
  const mend = 'If it is meant, the rule must name it: `--allow-address 10.0.0.5/32`.';
  return new OpsroomError('ADDRESS_REFUSED', { what: error.message, mend, cause: error });
}
