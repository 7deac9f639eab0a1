import { OpsroomError } from '#kit/errors.js';
import type { TellPorts } from '#notify/tell.js';
import { guardedFetch } from '#sandbox/fetch.js';
import { asUnreachable } from '#sandbox/unreachable.js';
import { retryAfterMs } from '#tools/http/answer.js';
import type { Room } from '../room.js';

/** Within half of what a claim holds. */
const PATIENCE_MS = 20_000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

/** What telling needs, from the room. */
export function tellPorts(room: Pick<Room, 'ports' | 'url'>): TellPorts {
  const { ports } = room;
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
        throw asUnreachable(error);
      });
      return { status: reply.status, retryAfterMs: retryAfterMs(reply.headers['retry-after'], ports.clock.now()) };
    },
    mail,
  };
}

/** Without encryption only to this machine: a password would travel in clear, and the message with it. */
const mail: TellPorts['mail'] = async (server, letter) => {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (!url || !/^smtps?:$/.test(url.protocol)) {
    const mend = 'Write it as smtps://USER:PASSWORD@HOST:465, or smtp://USER:PASSWORD@HOST:587 for STARTTLS.';
    throw new OpsroomError('ARGUMENT_INVALID', { what: 'The secret is no address of a mail server.', mend });
  }
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: server,
    requireTLS: !LOOPBACK.test(url.hostname),
    connectionTimeout: PATIENCE_MS / 2,
    greetingTimeout: PATIENCE_MS / 2,
    socketTimeout: PATIENCE_MS / 2,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ ...letter, to: [...letter.to] });
  } catch (error) {
    throw asUnreachable(error);
  } finally {
    transport.close();
  }
};
