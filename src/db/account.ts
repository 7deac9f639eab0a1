import { readFile, stat } from 'node:fs/promises';

/** The user that runs PostgreSQL. Undefined fields mean "as ourselves". */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root, so root lends it this ordinary account; every system has it. */
const UNPRIVILEGED = 'nobody';
const FALLBACK: Account = { uid: 65_534, gid: 65_534 };

/**
 * Who must run the cluster in `folder`: undefined for ourselves (not root). For root: the owner of an existing cluster,
 * else `nobody`.
 */
export async function accountFor(folder: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(folder).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return parseAccount(await readFile('/etc/passwd', 'utf8').catch(() => ''), UNPRIVILEGED) ?? FALLBACK;
}

/** The ids of a user in the text of /etc/passwd (passwd(5)); macOS writes nobody as -2. */
export function parseAccount(passwd: string, name: string): Account | undefined {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find((parts) => parts[0] === name && parts.length >= 4);
  if (!fields) return undefined;
  const [uid, gid] = [Number(fields[2]) >>> 0, Number(fields[3]) >>> 0];
  return uid === 0 ? undefined : { uid, gid };
}
