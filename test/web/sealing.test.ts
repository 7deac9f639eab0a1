import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedRoom, browsedRoom, noBrowser } from '../harness/browser.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';

const LIMIT = 120_000;
const PLAN = {
  title: 'Wait for a look',
  steps: [{ id: 'look', kind: 'system', action: 'manual', args: { instructions: 'Look at it.' } }],
};

describe.skipIf(noBrowser())('a run that is sealed a while after its last event', () => {
  let db: TestDatabase;
  let room: BrowsedRoom;
  let holder: Client;
  beforeAll(async () => {
    db = await testDatabase();
    room = await browsedRoom({ DATABASE_URL: db.url });
    holder = new Client({ connectionString: db.superuserUrl });
    await holder.connect();
  }, LIMIT);
  afterAll(async () => {
    await holder?.end();
    await room?.close();
    await db?.close();
  }, LIMIT);

  test.each([
    { page: 'its page', path: '', meanwhile: 'being sealed', after: 'sealed' },
    { page: 'its proof', path: '/proof', meanwhile: 'not yet: a worker seals it', after: 'signed by the enclosed key' },
  ])('is followed until then on $page', async ({ path, meanwhile, after }) => {
    const { runId } = await room.ask<{ runId: string }>('POST', '/v1/runs', { plan: { value: PLAN } });
    const page = await (await room.person()).newPage();
    await page.goto(`/runs/${runId}${path}`);
    await page.getByText(/^(not sealed: seals|sealed) when the run ends$/).waitFor();
    // Nobody can write a seal until it is let go; everybody reads.
    await holder.query('begin; lock table opsroom.bundles in share mode');
    try {
      await room.ask('POST', `/v1/runs/${runId}/confirm`, { step: 'look', reason: 'seen' });
      await page.getByText(meanwhile, { exact: true }).waitFor();
    } finally {
      await holder.query('commit');
    }
    await page.getByText(after, { exact: true }).waitFor();
    expect(await page.getByText(meanwhile, { exact: true }).count()).toBe(0);
    await page.context().close();
  });
});
