import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A key that a host is known by, as it is sent over the wire (RFC 4253 §6.6). */
export interface KnownKey {
  readonly type: string;
  readonly key: Buffer;
  readonly revoked: boolean;
}

/** How OpenSSH shows a key: SHA-256 in base64 without padding. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type of a key is the first string in it, `ssh-ed25519`. */
export function keyType(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return length > 0 && length <= 64 && key.length >= 4 + length ? key.toString('latin1', 4, 4 + length) : 'unknown';
}

/**
 * The keys that a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT) has for a host: plain names, wildcards, negations,
 * hashed names, `[host]:port`, `@revoked`. Lines that cannot be read are passed over, and so is `@cert-authority`.
 */
export function knownKeys(file: string, host: string, port: number): KnownKey[] {
  const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
  return file.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const [hosts = '', type = '', encoded = ''] = fields;
    if (hosts.startsWith('#') || encoded === '' || (marker !== undefined && marker !== '@revoked')) return [];
    if (!isNamed(hosts, name)) return [];
    return [{ type, key: Buffer.from(encoded, 'base64'), revoked: marker === '@revoked' }];
  });
}

function isNamed(hosts: string, name: string): boolean {
  if (hosts.startsWith('|1|')) return isHashOf(hosts, name);
  const patterns = hosts.toLowerCase().split(',');
  const denied = patterns.some((pattern) => pattern.startsWith('!') && isMatch(pattern.slice(1), name));
  return !denied && patterns.some((pattern) => isMatch(pattern, name));
}

function isHashOf(hashed: string, name: string): boolean {
  const [, , salt = '', digest = ''] = hashed.split('|');
  const wanted = Buffer.from(digest, 'base64');
  const found = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}

/** `*` and `?` without a regular expression: the pattern is somebody else's, and must not run for ever. */
function isMatch(pattern: string, name: string): boolean {
  let reached = new Set([0]);
  for (const sign of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (sign === '*') for (let to = at; to <= name.length; to += 1) next.add(to);
      else if (at < name.length && (sign === '?' || sign === name[at])) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(name.length);
}
