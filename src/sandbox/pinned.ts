import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { isIP, isIPv6, type LookupFunction, Socket } from 'node:net';
import { addressRefused, classifyAddress, isAllowed } from './addresses.js';

/** The addresses that a host resolved to once, checked; only these are connected to, so a second answer of DNS changes nothing. */
export interface Pinned {
  readonly host: string;
  readonly port: number;
  /** At least one. */
  readonly addresses: readonly string[];
}

/** Resolves a host name to addresses; a port of its own so that tests can be the DNS. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const systemResolve: Resolve = async (host) => (await lookup(host, { all: true })).map((found) => found.address);

/**
 * Resolves `host` (name or address literal) and keeps the addresses that may be reached.
 * Throws ADDRESS_REFUSED when none may; the resolver's error (ENOTFOUND, EAI_AGAIN) when there are none.
 */
export async function pinHost(
  host: string,
  port: number,
  { allowAddresses, resolve = systemResolve }: { allowAddresses: readonly string[]; resolve?: Resolve },
): Promise<Pinned> {
  const found = isIP(host) === 0 ? await resolve(host) : [host];
  const addresses = found.filter((address) => isAllowed({ host, address, port }, allowAddresses));
  const first = found[0];
  if (addresses.length === 0 && first !== undefined) {
    throw addressRefused(
      host,
      port,
      first === host ? `it is ${classifyAddress(first)}.` : `${first} is ${classifyAddress(first)}.`,
    );
  }
  if (addresses.length === 0) throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
  return { host, port, addresses };
}

/** A `lookup` for node sockets and undici that answers only with the pinned addresses, whatever it is asked. */
export function pinnedLookup(pinned: Pinned): LookupFunction {
  const all = pinned.addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, options, answer) => {
    if (options.all) return answer(null, all);
    answer(null, all[0]?.address ?? '', all[0]?.family);
  };
}

/**
 * A socket for drivers that dial by themselves (pg, mysql2): `connect` goes to the pinned addresses, whatever the driver
 * names. The driver keeps the host name, so TLS is still checked against it.
 */
export class PinnedSocket extends Socket {
  readonly #pinned: Pinned;

  constructor(pinned: Pinned) {
    super();
    this.#pinned = pinned;
  }

  override connect(): this {
    const { host, port } = this.#pinned;
    return super.connect({ host, port, lookup: pinnedLookup(this.#pinned), autoSelectFamily: true });
  }
}

/** A connection to one of the pinned addresses; the caller destroys it. @throws Error of the socket, or an abort */
export async function dialPinned(pinned: Pinned, signal: AbortSignal): Promise<Socket> {
  const socket = new PinnedSocket(pinned);
  try {
    socket.connect();
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
