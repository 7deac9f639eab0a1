import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './parts.js';
import { freePort } from './ports.js';

export interface Sshd {
  readonly port: number;
  readonly user: string;
  /** `SHA256:…` of its only host key. */
  readonly fingerprint: string;
  /** A line of known_hosts. */
  readonly knownHosts: string;
  /** A private key that lets `user` in. */
  readonly privateKey: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/** Starts OpenSSH's server on loopback, with keys of its own, for the user who runs the tests. */
export async function startSshd(): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-sshd-'));
  // sshd run by root wants this folder, which Debian makes when the service starts.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const port = await freePort();
  writeFileSync(join(folder, 'config'), configuration(folder, port));
  const daemon = spawn(findProgram('sshd') ?? 'sshd', ['-D', '-e', '-f', join(folder, 'config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await listens(daemon);
  const shown = execFileSync('ssh-keygen', ['-lf', join(folder, 'host.pub')], { encoding: 'utf8' });
  const [type = '', key = ''] = readFileSync(join(folder, 'host.pub'), 'utf8').split(' ');
  return {
    port,
    user: userInfo().username,
    fingerprint: shown.split(' ')[1] ?? '',
    knownHosts: `[127.0.0.1]:${port} ${type} ${key}\n`,
    privateKey: readFileSync(join(folder, 'user'), 'utf8'),
    folder,
    stop: async () => {
      const ended = once(daemon, 'exit');
      daemon.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number): string {
  const settings = {
    Port: port,
    ListenAddress: '127.0.0.1',
    HostKey: join(folder, 'host'),
    AuthorizedKeysFile: join(folder, 'user.pub'),
    PidFile: 'none',
    StrictModes: 'no',
    UsePAM: 'no',
    PasswordAuthentication: 'no',
    KbdInteractiveAuthentication: 'no',
    Subsystem: 'sftp internal-sftp',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}

async function listens(daemon: ChildProcess): Promise<void> {
  let said = '';
  for await (const chunk of daemon.stderr ?? []) {
    said += String(chunk);
    if (said.includes('Server listening')) return;
  }
  throw new Error(`sshd did not start: ${said}`);
}
