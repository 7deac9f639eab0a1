import { afterAll, expect, test } from 'vitest';
import { START_MS, TestHome } from '../harness/home.js';
import { verifies } from '../harness/requirements.js';

const LIMIT = 120_000;
const home = new TestHome();
afterAll(() => home.close(), LIMIT);

interface Started {
  readonly url: string;
  readonly open: string;
}

/** As people start it. */
async function start(): Promise<Started> {
  const room = home.start(['start', '--port', '0']);
  await room.saw('Open the room in a browser: ', START_MS);
  const [, open = ''] = /in a browser: (\S+)/.exec(room.stdout()) ?? [];
  return { url: new URL(open).origin, open };
}

const stop = async () => expect((await home.json('stop', '--wait')).code).toBe(0);

/** As the page behind the link does. */
function useLink({ url, open }: Started): Promise<Response> {
  return fetch(`${url}/auth/welcome`, {
    method: 'POST',
    headers: { origin: url, 'sec-fetch-site': 'same-origin', 'x-opsroom': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ token: open.split('#token=')[1] }),
  });
}

test(
  verifies('KEEP-01', 'a start prints a link for the first owner, a fresh one each time, until there is one'),
  async () => {
    const first = await start();
    expect(first.open).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/welcome#token=opso_[\w-]{43}$/);
    expect(first.open.startsWith(first.url)).toBe(true);
    await stop();
    const second = await start();
    expect((await useLink({ ...second, open: first.open })).status).toBe(401);
    const came = await useLink(second);
    expect([came.status, await came.text()]).toEqual([200, '{}']);
    const [cookie = ''] = came.headers.getSetCookie();
    const me = await fetch(`${second.url}/v1/me`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(await me.json()).toMatchObject({ person: { role: 'owner', email: null, hasPassword: false } });
    await stop();
    const third = await start();
    expect(third.open).toBe(third.url);
    // The cookie's secret outlives the start; ports are no part of it.
    const later = await fetch(`${third.url}/v1/me`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(later.status).toBe(200);
  },
  LIMIT,
);

test(
  verifies('KEEP-01', 'what a start prints for programs, which is kept in logs, lets nobody in'),
  async () => {
    const fresh = new TestHome();
    try {
      const room = fresh.start(['start', '--port', '0', '--json']);
      await room.saw('"url"', START_MS);
      const { url, open } = JSON.parse(room.stdout().split('\n')[0] ?? '') as Started;
      expect(open).toBe(url);
      const { value } = await fresh.json('owner-link');
      expect((await useLink({ url, ...(value as Pick<Started, 'open'>) })).status).toBe(200);
      await fresh.json('stop', '--wait');
      const { stdout, stderr } = await room.finished;
      expect(stderr).toContain('opsroom owner-link');
      expect(stdout + stderr).not.toContain('opso_');
    } finally {
      await fresh.close();
    }
  },
  LIMIT,
);

test(
  'an owner who is locked out makes another link, where the room runs',
  async () => {
    const { code, value } = await home.json('owner-link');
    expect([code, value]).toMatchObject([0, { open: expect.stringMatching(/\/welcome#token=opso_/) }]);
    const nobody = await home.json('owner-link', 'nobody@ops.example');
    expect(nobody.value).toMatchObject({ error: { code: 'NOT_FOUND', mend: expect.stringContaining('Owners: ') } });
    await stop();
    expect((await home.json('owner-link')).value).toMatchObject({
      error: { code: 'USAGE', mend: expect.stringContaining('opsroom start') },
    });
  },
  LIMIT,
);
