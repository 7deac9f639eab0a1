import { once } from 'node:events';
import type { Client, ClientChannel, ConnectConfig } from 'ssh2';
import type { CallContext } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import { abortReason } from '#sandbox/deadline.js';
import { PinnedSocket, pinHost } from '#sandbox/pinned.js';
import { openInside } from '#sandbox/workspace.js';
import type { SshArgs } from './args.js';
import { keyRefusal, type Pins, wantedTypes } from './host-key.js';
import { knownKeys } from './known-hosts.js';

const HANDSHAKE_MS = 20_000;
/** A host that went away without a word is given up after a minute of silence. */
const KEEPALIVE = { keepaliveInterval: 15_000, keepaliveCountMax: 4 };
const MOST_KNOWN_HOSTS = 4 * 1024 * 1024;

/** A connection to a host that has shown its key and let us in. */
export interface Connection {
  readonly client: Client;
  /** Aborts when the connection is lost; its reason is an OpsroomError. */
  readonly lost: AbortSignal;
  close(): void;
}

/**
 * Connects at a checked address, and gives no credentials to a host whose key is not the one that is pinned.
 *
 * @throws OpsroomError ADDRESS_REFUSED, HOST_KEY_REFUSED, LOGIN_REFUSED, ARGUMENT_INVALID; why `signal` aborted; or the socket's own error
 */
export async function connect(args: SshArgs, context: CallContext, signal: AbortSignal): Promise<Connection> {
  const { Client } = (await import('ssh2')).default;
  const pins = await pinsOf(args, context);
  const credentials = credentialsOf(args, context);
  const sock = await dial(args, context, signal);
  const client = new Client();
  const lost = new AbortController();
  let refused: OpsroomError | undefined;
  const types = wantedTypes(pins.known);
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    // Errors of a connection that was ready are told by `lost`; without a listener they would end the process.
    client.on('error', (error) => {
      const told = refused ?? inWords(error, args);
      lost.abort(told);
      reject(told);
    });
    client.once('close', () => {
      const told = new OpsroomError('UNREACHABLE', { what: `The connection to ${args.host} was lost` });
      lost.abort(told);
      reject(told);
    });
  });
  const stop = () => sock.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    client.connect({
      sock,
      username: args.user,
      ...credentials,
      readyTimeout: HANDSHAKE_MS,
      ...KEEPALIVE,
      ...(types === undefined ? {} : { algorithms: { serverHostKey: types } }),
      hostVerifier: (key: Buffer) => {
        refused = keyRefusal(key, pins);
        return refused === undefined;
      },
    });
    await ready;
  } catch (error) {
    sock.destroy();
    throw signal.aborted ? abortReason(signal) : asArgument(error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return { client, lost: lost.signal, close: () => sock.destroy() };
}

async function dial({ host, port }: SshArgs, { allowAddresses }: CallContext, signal: AbortSignal) {
  const sock = new PinnedSocket(await pinHost(host, port, { allowAddresses }));
  try {
    sock.connect();
    await once(sock, 'connect', { signal });
    return sock;
  } catch (error) {
    sock.destroy();
    throw signal.aborted ? abortReason(signal) : error;
  }
}

async function pinsOf(args: SshArgs, { workspace }: CallContext): Promise<Pins> {
  const { host, port, hostKey = [], knownHosts } = args;
  const fingerprints = typeof hostKey === 'string' ? [hostKey] : hostKey;
  const known = knownHosts === undefined ? [] : knownKeys(await readText(workspace, knownHosts), host, port);
  return { host, port, fingerprints, known };
}

async function readText(workspace: string, path: string): Promise<string> {
  const file = await openInside(workspace, path);
  const wrong = (why: string) => new OpsroomError('ARGUMENT_INVALID', { what: `knownHosts: "${path}" ${why}` });
  if (file === undefined) throw wrong('does not exist in the workspace');
  try {
    const about = await file.stat();
    if (!about.isFile() || about.size > MOST_KNOWN_HOSTS) throw wrong('is no file of at most 4 MiB');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function credentialsOf({ auth }: SshArgs, { isolation }: CallContext): Partial<ConnectConfig> {
  if ('password' in auth) return { password: auth.password };
  if ('agent' in auth) {
    if (isolation.level === 'none') return { agent: auth.agent };
    const what = `auth.agent: a step at level ${isolation.level} is kept from the keys of this machine`;
    throw new OpsroomError('ARGUMENT_INVALID', { what, mend: 'Give it a key of its own: auth: { privateKey }.' });
  }
  const { privateKey, passphrase } = auth;
  return { privateKey, ...(passphrase === undefined ? {} : { passphrase }) };
}

/** The library's words on a key that cannot be read hold nothing of the key. */
function asArgument(error: unknown): unknown {
  if (error instanceof OpsroomError || !(error instanceof Error)) return error;
  if (!/privateKey|passphrase|key format|parse/i.test(error.message)) return error;
  return new OpsroomError('ARGUMENT_INVALID', { what: `auth.privateKey: ${error.message}` });
}

function inWords(error: Error & { level?: string }, { host, port, user }: SshArgs): OpsroomError {
  if (error.level === 'client-authentication')
    return new OpsroomError('LOGIN_REFUSED', { what: `${host}:${port} did not let ${user} in` });
  return new OpsroomError('UNREACHABLE', { what: `${host}:${port} cannot be reached: ${error.message}`, cause: error });
}

/** Starts a command; what it prints arrives once somebody listens. */
export function openChannel(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error === undefined) resolve(channel);
      else reject(new OpsroomError('UNREACHABLE', { what: `The host starts no command: ${error.message}` }));
    });
  });
}
