import { OpsroomError } from '#kit/errors.js';
import { fingerprintOf, type KnownKey, keyType } from './known-hosts.js';

/** Who a host is expected to be. */
export interface Pins {
  readonly host: string;
  readonly port: number;
  readonly fingerprints: readonly string[];
  readonly known: readonly KnownKey[];
}

/** Why the key that a host shows is refused; undefined when it is one that was expected. */
export function keyRefusal(key: Buffer, pins: Pins): OpsroomError | undefined {
  const shown = fingerprintOf(key);
  if (pins.known.some((one) => one.revoked && one.key.equals(key))) return refusal(pins, key, 'revoked');
  const isPinned = pins.fingerprints.some((one) => one.replace(/=$/, '') === shown);
  if (isPinned || pins.known.some((one) => one.key.equals(key))) return undefined;
  const isKnown = pins.fingerprints.length > 0 || pins.known.some((one) => !one.revoked);
  return refusal(pins, key, isKnown ? 'another' : 'unknown');
}

function refusal({ host, port }: Pins, key: Buffer, why: 'revoked' | 'another' | 'unknown'): OpsroomError {
  const shown = `${fingerprintOf(key)} (${keyType(key)})`;
  const what = {
    revoked: `${host}:${port} shows a key that is marked as revoked: ${shown}`,
    another: `${host}:${port} shows another key than the one that is pinned: ${shown}`,
    unknown: `Nothing says which key ${host}:${port} has; it shows ${shown}`,
  }[why];
  const mend =
    why === 'unknown'
      ? `Compare it with \`ssh-keygen -lf\` on the host itself; when it is the same, write hostKey: "${fingerprintOf(key)}".`
      : 'Somebody may be in between. Ask whoever runs the host before you change the pin; it may also have several keys: pin each.';
  return new OpsroomError('HOST_KEY_REFUSED', { what, mend });
}

/** The types that can be asked for; asking for another would be refused before anything is sent. */
const TYPES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;
type KeyType = (typeof TYPES)[number];

/** The key types to ask a host for, so that it shows the one that is known; undefined for whichever it likes. */
export function wantedTypes(known: readonly KnownKey[]): KeyType[] | undefined {
  const types = new Set(known.filter(({ revoked }) => !revoked).map(({ type }) => type));
  // Signatures of RSA keys have names of their own (RFC 8332).
  const wanted = TYPES.filter((type) => types.has(type.startsWith('rsa-') ? 'ssh-rsa' : type));
  return wanted.length === 0 ? undefined : wanted;
}
