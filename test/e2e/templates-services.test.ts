import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { approveIntent } from '#operations/intents/answers.js';
import { createIntent } from '#operations/intents/create.js';
import { invoke } from '#operations/invoke.js';
import type { RunView } from '#operations/runs/get.js';
import { bindSecret } from '#operations/secrets/bind.js';
import { personRoom } from '../harness/authority.js';
import { type HttpServer, startHttpServer } from '../harness/http-server.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';
import { type Program, type StandIns, standIns } from '../harness/stand-ins.js';
import { story, type TemplateRoom, templateRoom } from '../harness/template-room.js';
import { startVercel, VERCEL_TOKEN, type VercelContract } from '../harness/vercel.js';

const LIMIT = 90_000;
const folder = mkdtempSync(join(tmpdir(), 'opsroom-templates-'));

/** The machine that the stand-ins manage: what runs answers over HTTP. */
const machine = { pid: 100, restarts: true, status: 200, image: 'a', pulled: 'b', wordpress: '7.0', healthyOn: '' };

const systemctl: Program = ({ argv: [verb, ...rest] }) => {
  if (verb === 'restart') {
    if (machine.restarts) machine.pid += 1;
    return {};
  }
  return { stdout: rest.includes('--property=LoadState') ? 'loaded\n' : `${machine.pid}\n` };
};

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const docker: Program = ({ argv }) => {
  const line = argv.join(' ');
  if (line.startsWith('version')) return { stdout: '27.0\n' };
  if (line === 'image inspect --format {{.Id}} shop:stable') return { stdout: `${digest(machine.image)}\n` };
  if (line === 'pull --quiet shop:stable') machine.image = machine.pulled;
  else if (line.startsWith('tag ')) machine.image = argv[1]?.at(-1) ?? '';
  else if (line.includes('compose') && line.includes(' up ')) machine.healthyOn = machine.image;
  else if (line.includes(' ps ')) return { stdout: 'container-1\n' };
  else if (line === 'inspect --format {{.Image}} container-1') return { stdout: `${digest(machine.healthyOn)}\n` };
  else return { code: 64, stderr: `docker does not know: ${line}\n` };
  return {};
};

const wp: Program = ({ argv, cwd }) => {
  const line = argv.filter((arg) => !arg.startsWith('--path=')).join(' ');
  const there = (word: string) => line.startsWith(word);
  if (line === 'core version') return { stdout: `${machine.wordpress}\n` };
  if (there('db export before.sql')) writeFileSync(join(cwd, 'before.sql'), 'the database as it was');
  else if (line === 'core update') machine.wordpress = '7.1';
  else if (there('core download')) machine.wordpress = /--version=(\S+)/.exec(line)?.[1] ?? '';
  else if (there('core check-update')) return { stdout: machine.wordpress === '7.1' ? '' : '7.1\n' };
  else if (there('db import')) return { code: readFileSync(join(cwd, 'before.sql'), 'utf8') === '' ? 1 : 0 };
  else if (!/^(core update-db|plugin update --all|core verify-checksums)$/.test(line))
    return { code: 64, stderr: line };
  return {};
};

let room: TemplateRoom;
let programs: StandIns;
let site: HttpServer;
let vercel: VercelContract;

beforeAll(async () => {
  programs = await standIns({ systemctl, docker, wp });
  site = await startHttpServer((_, response) => {
    const well = machine.wordpress !== 'broken' && machine.status === 200;
    response.writeHead(well ? 200 : 503).end(well ? 'The checkout works' : 'down');
  });
  vercel = await startVercel();
  const PATH = `${programs.folder}:${process.env['PATH'] ?? ''}`;
  room = await templateRoom({ PATH, OPSROOM_SECRET_VERCEL_TOKEN: VERCEL_TOKEN });
  const hosts = [new URL(vercel.url).host];
  await invoke(bindSecret, { name: 'VERCEL_TOKEN', hosts }, room.api.room);
}, LIMIT);
afterAll(async () => {
  await room?.close();
  await programs?.close();
  await site?.close();
  await vercel?.close();
  rmSync(folder, { recursive: true, force: true });
}, LIMIT);

const local = () => ({ allow_address: `127.0.0.1:${site.port}`, environment: 'staging' });
const soon = { wait_seconds: 1 };
const words = (view: { steps: readonly { id: string; word: string | null }[] }) =>
  Object.fromEntries(view.steps.map(({ id, word }) => [id, word]));

test(
  verifies('COMPILE-01', 'http-health-check: passes on a site that says what it should, fails when it does not'),
  async () => {
    const well = await room.run('http-health-check', { url: site.url, contains: 'checkout works', ...local() });
    expect(well.status, story(well)).toBe('succeeded');
    const other = await room.run('http-health-check', { url: site.url, contains: 'something else', ...local() });
    expect(other.status).toBe('failed');
    machine.status = 503;
    const down = await room.run('http-health-check', { url: site.url, ...local() });
    machine.status = 200;
    expect(down.status).toBe('failed');
  },
  LIMIT,
);

test('http-health-check reaches no private address that nobody allowed', async () => {
  const refused = await room.run('http-health-check', { url: site.url });
  expect(refused.status).toBe('failed');
  expect(JSON.stringify(refused)).toContain('ADDRESS_REFUSED');
});

test.skipIf(missing('openssl'))(
  verifies(
    'COMPILE-01',
    'certificate-check: passes on a trusted certificate, fails on one that ends soon, is for another or is not trusted',
  ),
  async () => {
    const [long, short] = [certificate('long', 90), certificate('short', 3)];
    const servers = await Promise.all([long, short].map(tlsServer));
    const check = (at: number, ca_file: string, more = {}) =>
      room.run('certificate-check', { host: 'localhost', port: servers[at]?.port ?? 0, ca_file, ...more });
    const views = await Promise.all([
      check(0, long.cert),
      check(1, short.cert),
      check(0, ''),
      check(0, long.cert, { host: '127.0.0.1' }),
    ]);
    for (const server of servers) server.close();
    expect(
      views.map(({ status }) => status),
      views.map(story).join(),
    ).toEqual(['succeeded', 'failed', 'failed', 'failed']);
  },
  LIMIT,
);

function certificate(name: string, days: number): { cert: string; key: string } {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const what = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', String(days)];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', ...what, ...subject, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  return { cert, key };
}

async function tlsServer({ cert, key }: { cert: string; key: string }): Promise<{ port: number; close: () => void }> {
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_, response) => response.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

test(
  verifies('COMPILE-01', 'disk-space-check: passes where there is room, fails where more is asked for than there is'),
  async () => {
    const fine = await room.run('disk-space-check', { path: folder, min_free_percent: 0 });
    expect(fine.status, story(fine)).toBe('succeeded');
    expect((await room.run('disk-space-check', { path: folder, min_free_percent: 100 })).status).toBe('failed');
  },
  LIMIT,
);

test(
  verifies(
    'COMPILE-01',
    'restart-service: proven by another process that answers; fails when nothing was restarted or it stays down',
  ),
  async () => {
    const inputs = { service: 'shop', health_url: site.url, ...soon, ...local() };
    const view = await room.run('restart-service', inputs);
    expect(view.status, story(view)).toBe('succeeded');
    expect(words(view)['restart']).toBe('proven');
    machine.status = 503;
    expect((await room.run('restart-service', inputs)).status, 'stays down').toBe('failed');
    machine.status = 200;
    machine.restarts = false;
    const same = await room.run('restart-service', inputs);
    machine.restarts = true;
    expect(same.status, story(same)).toBe('failed');
    expect(story(same)).toContain('another');
  },
  LIMIT,
);

test(
  verifies(
    'COMPILE-01',
    'deploy-vercel: keeps to the API’s contract, is proven by the deployment of this run, and goes back when the site is down',
  ),
  async () => {
    const inputs = { project: 'shop', repo_id: '42', ref: 'v2', api: vercel.url, site_url: site.url, wait_seconds: 5 };
    const staged = await room.run('deploy-vercel', { ...inputs, allow_address: '127.0.0.1' });
    expect(staged.status, story(staged)).toBe('succeeded');
    expect(words(staged)['deploy']).toBe('proven');
    expect([vercel.broken, vercel.production()]).toEqual([[], 'dpl_before']);

    const live = await approved({ ...inputs, environment: 'production', allow_address: '127.0.0.1' });
    expect([live.status, vercel.production()], story(live)).toEqual(['succeeded', 'dpl_2']);
    expect(words(live)['promote']).toBe('proven');

    machine.status = 503;
    const down = await approved({ ...inputs, environment: 'production', allow_address: '127.0.0.1' });
    machine.status = 200;
    expect([down.status, vercel.production()], story(down)).toEqual(['rolled_back', 'dpl_2']);

    vercel.ends = 'ERROR';
    const broken = await room.run('deploy-vercel', { ...inputs, wait_seconds: 2, allow_address: '127.0.0.1' });
    expect(broken.status, story(broken)).not.toBe('succeeded');
    expect(vercel.broken).toEqual([]);
  },
  LIMIT,
);

/** Production waits for a second person, as for any plan. */
async function approved(inputs: JsonObject): Promise<RunView> {
  const { room: own } = room.api;
  const asked = await invoke(
    createIntent,
    { plan: { name: 'template:deploy-vercel' }, inputs },
    personRoom(own, 'joe', 'operator'),
  );
  expect(asked).toMatchObject({ status: 'waiting', source: { kind: 'inline', name: 'template:deploy-vercel' } });
  const yes = { intent: asked.intentId, reason: 'It was tried on staging.' };
  const { runId } = await invoke(approveIntent, yes, personRoom(own, 'ada', 'owner'));
  return room.ended(runId ?? '');
}

test(
  verifies(
    'COMPILE-01',
    'wordpress-update: updates a site, and puts core, plugins and database back when it does not answer',
  ),
  async () => {
    mkdirSync(join(folder, 'wp/wp-content/plugins'), { recursive: true });
    writeFileSync(join(folder, 'wp/wp-content/plugins/shop.php'), '<?php');
    const inputs = { path: join(folder, 'wp'), site_url: site.url, ...soon, ...local() };
    const view = await room.run('wordpress-update', inputs);
    expect([view.status, machine.wordpress], story(view)).toEqual(['succeeded', '7.1']);
    machine.wordpress = '7.0';
    machine.status = 503;
    const undone = await room.run('wordpress-update', inputs);
    machine.status = 200;
    expect([undone.status, machine.wordpress], story(undone)).toEqual(['rolled_back', '7.0']);
  },
  LIMIT,
);

test(
  verifies('COMPILE-01', 'docker-image-update: runs what was pulled, and the image before when that does not answer'),
  async () => {
    const inputs = {
      compose_file: '/srv/shop/compose.yaml',
      service: 'web',
      image: 'shop:stable',
      health_url: site.url,
      ...soon,
    };
    const view = await room.run('docker-image-update', { ...inputs, ...local() });
    expect([view.status, machine.healthyOn], story(view)).toEqual(['succeeded', 'b']);
    expect(words(view)['up']).toBe('proven');
    machine.pulled = 'c';
    machine.status = 503;
    const undone = await room.run('docker-image-update', { ...inputs, ...local() });
    machine.status = 200;
    expect([undone.status, machine.healthyOn, machine.image], story(undone)).toEqual(['rolled_back', 'b', 'b']);
  },
  LIMIT,
);

test(
  verifies(
    'COMPILE-01',
    'incident-triage: gathers its report whether the site is well or not, and fails when it is not',
  ),
  async () => {
    const log_file = join(folder, 'app.log');
    writeFileSync(log_file, 'fine\n2026-11-21 ERROR the till is open\n');
    const inputs = { app: 'shop', url: site.url, log_file, ...local() };
    const well = await room.run('incident-triage', inputs);
    expect(well.status, story(well)).toBe('succeeded');
    machine.status = 503;
    const down = await room.run('incident-triage', inputs);
    machine.status = 200;
    expect(down.status).toBe('failed');
    expect(down.steps.find(({ id }) => id === 'report')?.status, story(down)).toBe('done');
  },
  LIMIT,
);
