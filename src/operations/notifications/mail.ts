import type { Socket } from 'node:net';
import { OpsroomError } from '#kit/errors.js';
import type { TellPorts } from '#notify/tell.js';
import { dialPinned, pinHost } from '#sandbox/pinned.js';
import { asUnreachable } from '#sandbox/unreachable.js';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;
const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

/**
 * Sends a letter by SMTP, to an address that was checked before it is dialled. Without encryption only to this machine: a password
 * would travel in clear, and the message with it.
 * @throws OpsroomError ARGUMENT_INVALID, ADDRESS_REFUSED, UNREACHABLE
 */
export function mailWithin(patienceMs: number): TellPorts['mail'] {
  return async (server, letter, allowAddresses) => {
    const url = serverOf(server);
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const pinned = await pinHost(host, Number(url.port) || (PORTS[url.protocol] ?? 587), { allowAddresses });
    const socket = await dialPinned(pinned, AbortSignal.timeout(patienceMs));
    try {
      await hand(socket, url, letter, patienceMs);
    } catch (error) {
      throw asUnreachable(said(error));
    } finally {
      socket.destroy();
    }
  };
}

function serverOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && url.protocol in PORTS) return url;
  const mend = 'Write it as smtps://USER:PASSWORD@HOST:465, or smtp://USER:PASSWORD@HOST:587 for STARTTLS.';
  throw new OpsroomError('ARGUMENT_INVALID', { what: 'The secret is no address of a mail server.', mend });
}

async function hand(connection: Socket, url: URL, letter: Parameters<TellPorts['mail']>[1], patienceMs: number) {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: url.href,
    connection,
    requireTLS: !LOOPBACK.test(url.hostname),
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ ...letter, to: [...letter.to] });
  } finally {
    transport.close();
  }
}

/** What greets otherwise than mail servers do may be anything that listens: its words are nobody's business. */
function said(error: unknown): unknown {
  const strange = error instanceof Error && 'code' in error && error.code === 'EPROTOCOL';
  return strange ? new OpsroomError('UNREACHABLE', { what: 'What answers there is no mail server.' }) : error;
}
