import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { missing, notRoot } from '../../harness/parts.js';
import { freePort } from '../../harness/ports.js';
import { eventually } from '../../harness/processes.js';
import { verifies } from '../../harness/requirements.js';
import { type SkillRoom, skillRoom, wordsOf } from '../../harness/skill-room.js';
import { story } from '../../harness/template-room.js';
import { unpacked } from '../debian.js';

const LIMIT = 180_000;

interface Engine {
  readonly host: string;
  /** Folders with its programs, as a PATH. */
  readonly path: string;
  docker(...args: string[]): string;
  stop(): Promise<void>;
}

/** A Docker engine of our own: its own socket, data and programs, and no rules of the machine's firewall. */
async function startEngine(folder: string): Promise<Engine> {
  const place = mkdtempSync(join(tmpdir(), 'opsroom-docker-'));
  const path =
    ['usr/bin', 'usr/sbin', 'sbin', 'bin'].map((part) => join(folder, part)).join(':') +
    `:${process.env['PATH'] ?? ''}`;
  const host = `unix://${place}/docker.sock`;
  const [native = ''] = execFileSync('sh', ['-c', 'ls -d "$1"/usr/lib/*-linux-gnu* | head -n 1', 'sh', folder], {
    encoding: 'utf8',
  }).split('\n');
  const env = { ...process.env, PATH: path, LD_LIBRARY_PATH: native, DOCKER_HOST: host };
  const settings = [
    '--data-root',
    join(place, 'data'),
    '--exec-root',
    join(place, 'exec'),
    '--pidfile',
    join(place, 'pid'),
    '--host',
    host,
  ];
  // The daemon asks for more open files than a machine may grant; a bridge needs none of the firewall's rules to publish ports.
  const limits = 'ulimit -n 1024; exec dockerd "$@"';
  const server = spawn(
    'sh',
    ['-c', limits, 'sh', ...settings, '--iptables=false', '--ip6tables=false', '--storage-driver=vfs'],
    { env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  const docker = (...args: string[]) => execFileSync('docker', args, { env, encoding: 'utf8', stdio: 'pipe' }).trim();
  const stop = async () => {
    const ended = server.exitCode === null ? once(server, 'exit') : undefined;
    server.kill('SIGTERM');
    await ended;
    execFileSync('sh', ['-c', 'grep -o "$1[^ ]*" /proc/mounts | sort -r | xargs -r umount', 'sh', place], {
      stdio: 'pipe',
    });
    rmSync(place, { recursive: true, force: true });
  };
  await eventually(() => {
    if (server.exitCode !== null) throw new Error(said);
    try {
      return docker('version', '--format', '{{.Server.Version}}') !== '';
    } catch {
      return false;
    }
  }, 60_000);
  return { host, path, docker, stop };
}

const lacks = notRoot('a Docker engine') || missing('mount', 'a Docker engine');
const parts = lacks
  ? { lacking: 'root' }
  : unpacked(
      'docker',
      [{ suite: 'system', names: ['docker.io', 'busybox-static', 'iptables'], needed: true }],
      ['*/share/doc', '*/share/man'],
    );
let engine: Engine | undefined;
if ('folder' in parts)
  engine = await startEngine(parts.folder).catch((error: unknown) => {
    console.warn(`skipped: the Docker engine does not start here: ${String(error).slice(0, 600)}`);
    return undefined;
  });
else console.warn(`skipped: a Docker engine: ${parts.lacking}`);

describe.skipIf(engine === undefined)('infra-deploy-docker on a real engine', () => {
  let at: SkillRoom;
  let port: number;
  beforeAll(async () => {
    at = await skillRoom({ PATH: engine?.path ?? '', OPSROOM_SECRET_GREETING: 'hidden-greeting' });
    port = await freePort();
  }, LIMIT);
  afterAll(async () => {
    await at?.close();
    await engine?.stop();
  }, LIMIT);

  const deploy = (pages: Readonly<Record<string, string>>, more: JsonObject = {}) => {
    const context = join(at.folder, 'shop');
    rmSync(context, { recursive: true, force: true });
    mkdirSync(join(context, 'www'), { recursive: true });
    copyFileSync(join('folder' in parts ? parts.folder : '', 'bin/busybox'), join(context, 'busybox'));
    for (const [name, text] of Object.entries(pages)) writeFileSync(join(context, 'www', name), text);
    writeFileSync(
      join(context, 'Dockerfile'),
      'FROM scratch\nCOPY busybox /busybox\nCOPY www /www\nSTOPSIGNAL SIGKILL\nCMD ["/busybox", "httpd", "-f", "-p", "80", "-h", "/www"]\n',
    );
    return at.use('infra-deploy-docker', {
      name: 'shop',
      image: 'example/shop',
      context: 'shop',
      ports: [`127.0.0.1:${port}:80`],
      env: ['GREETING={{ secrets.GREETING }}', 'ODD=$(id) "x" ; y'],
      health: `http://127.0.0.1:${port}/health`,
      withinMs: 5000,
      host: engine?.host ?? '',
      ...more,
    });
  };
  const page = async () => (await fetch(`http://127.0.0.1:${port}/`)).text();

  test(
    verifies(
      'SKILL-02',
      'infra-deploy: on a Docker engine a release is built, run, looked at; one that is not well gives way to the one before',
    ),
    async () => {
      const first = await deploy({ 'index.html': 'one', health: 'well' });
      expect(first.status, story(first)).toBe('succeeded');
      expect(wordsOf(first)).toMatchObject({ 'use-build': 'proven', 'use-pull': 'skipped', 'use-switch': 'proven' });
      expect(await page()).toBe('one');
      expect(engine?.docker('inspect', '--format', '{{json .Config.Env}}', 'shop')).toContain('ODD=$(id)');
      expect(JSON.stringify(first)).not.toContain('hidden-greeting');

      const second = await deploy({ 'index.html': 'two', health: 'well' });
      expect(second.status, story(second)).toBe('succeeded');
      expect(await page()).toBe('two');

      const broken = await deploy({ 'index.html': 'three' });
      expect(broken.status, story(broken)).toBe('rolled_back');
      expect(wordsOf(broken)).toMatchObject({
        'use-switch': expect.any(String),
        'use-answers': 'failed',
        use: 'pending',
      });
      expect(await page()).toBe('two');
      expect(engine?.docker('inspect', '--format', '{{.Config.Image}}', 'shop')).toBe(`example/shop:${second.runId}`);
      expect(engine?.docker('ps', '--all', '--format', '{{.Names}}')).toBe('shop');
    },
    LIMIT,
  );

  test(
    'an image that cannot be built, or pulled, leaves what runs alone',
    async () => {
      const nowhere = await deploy({}, { context: '', image: 'localhost:9/nothing' });
      expect(wordsOf(nowhere), story(nowhere)).toMatchObject({ 'use-pull': 'failed', 'use-switch': 'pending' });
      const unbuilt = await deploy({}, { context: 'none' });
      expect(wordsOf(unbuilt)).toMatchObject({ 'use-build': 'failed', 'use-switch': 'pending' });
      expect(await page()).toBe('two');
    },
    LIMIT,
  );
});
