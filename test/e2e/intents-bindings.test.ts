import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeIntent } from '#authorise/intents/store.js';
import { saidText } from '#cli/intent-text.js';
import { openOutput } from '#cli/output.js';
import { printRun } from '#cli/summary.js';
import { uuidv7 } from '#kit/ids.js';
import { aiIntent } from '#operations/intents/ai.js';
import { approveIntent } from '#operations/intents/answers.js';
import { createIntent } from '#operations/intents/create.js';
import { getIntent } from '#operations/intents/get.js';
import { listIntentsOperation } from '#operations/intents/list.js';
import { sweepOnce } from '#operations/intents/sweep.js';
import type { IntentView } from '#operations/intents/view.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { getRun } from '#operations/runs/get.js';
import { type TestApi, testApi } from '../harness/api.js';
import { intentEntries, personRoom, projectFile } from '../harness/authority.js';
import { verifies } from '../harness/requirements.js';

const rule = (id: string, app: string, more = '') => `
@id("${id}")
@reason("${app} asks for it.")
@approvers("approver,owner")
${more}
forbid (principal, action in [Action::"run", Action::"heal"], resource)
when { resource.app == "${app}" }
unless { context.approved };
`;
const HOUR = (new Date().getUTCHours() + 12) % 24;
const hour = String(HOUR).padStart(2, '0');
/** Half a day from now. */
const FAR = `Mon-Sun ${hour}:00-${hour}:01 UTC`;
const RULES = [
  rule('plain', 'plain', '@ttl("1h")'),
  rule('two', 'two', '@count("2")\n@ttl("1h")'),
  rule('window', 'window', `@ttl("48h")\n@window("${FAR}")`),
  rule('late', 'late', `@count("2")\n@ttl("1h")\n@window("${FAR.replace('UTC', 'Etc/UTC')}")`),
  rule('never', 'never', `@ttl("1m")\n@window("${FAR}")`),
  rule('form', 'form', '@ttl("1h")\n@form("ticket.schema.json")'),
  rule('moved', 'form', '@count("2")').replace('resource.app == "form"', 'resource.branch == "main"'),
].join('');
const TICKET = {
  type: 'object',
  required: ['ticket'],
  properties: {
    ticket: { type: 'string', pattern: '^OPS-[0-9]+$' },
    environment: { type: 'string' },
    ref: { type: 'string' },
  },
};

let policies: string;
let api: TestApi;
let people: { ada: Room; ben: Room; joe: Room };
beforeAll(async () => {
  policies = await mkdtemp(join(tmpdir(), 'opsroom-policies-'));
  await cp(new URL('../../policies', import.meta.url).pathname, policies, { recursive: true });
  await writeFile(join(policies, 'rules.cedar'), RULES);
  await writeFile(join(policies, 'ticket.schema.json'), JSON.stringify(TICKET));
  api = await testApi({ env: { OPSROOM_POLICIES: policies } });
  const { room } = api;
  people = {
    ada: personRoom(room, 'ada', 'owner'),
    ben: personRoom(room, 'ben', 'approver'),
    joe: personRoom(room, 'joe', 'operator'),
  };
});
afterAll(async () => {
  await api.close();
  await rm(policies, { recursive: true });
});
beforeEach(() => projectFile(api.room, 'ops/release.yaml', planText('echo one')));

const planText = (run: string, app = 'plain') =>
  JSON.stringify({
    apiVersion: 'opsroom/v1',
    title: 'Release',
    inputSchema: {
      properties: {
        ticket: { type: 'string', default: '' },
        environment: { type: 'string', default: 'dev' },
        ref: { type: 'string', default: 'v1' },
      },
    },
    target: { app, environment: '{{ inputs.environment }}' },
    workspace: { kind: 'temp' },
    steps: [{ id: 'release', tool: 'shell', args: { run, env: { TICKET: '{{ inputs.ticket }}' } } }],
  });

let count = 0;
const propose = (app: string): Promise<IntentView> =>
  invoke(
    createIntent,
    { intent: `${app} ${++count}`, plan: { value: JSON.parse(planText('echo one', app)) } },
    people.joe,
  );
const proposeFile = (): Promise<IntentView> =>
  invoke(createIntent, { intent: `file ${++count}`, plan: { name: 'ops/release.yaml' } }, people.joe);
const yes = (intent: IntentView, room: Room, more: object = {}): Promise<IntentView> =>
  invoke(approveIntent, { intent: intent.intentId, reason: 'fine', ...more }, room);
const look = (intent: IntentView) => invoke(getIntent, { intent: intent.intentId }, people.ada);
const runs = async (): Promise<number> =>
  Number((await api.room.database.engine.query('select count(*) as n from opsroom.runs')).rows[0].n);

describe('an approval counts for exactly what it was given for', () => {
  it(verifies('POLICY-03', 'a plan that was edited meanwhile makes the intent void, and says which step'), async () => {
    const asked = await proposeFile();
    const before = await runs();
    await projectFile(api.room, 'ops/release.yaml', planText('echo two'));
    expect((await look(asked)).holds).toEqual({ now: false, why: 'the plan changed: step release', mend: null });
    await expect(yes(asked, people.ada)).rejects.toMatchObject({
      code: 'NOT_ALLOWED_NOW',
      message: expect.stringContaining('void: the plan changed: step release'),
    });
    expect(await look(asked)).toMatchObject({ status: 'void', word: 'the plan changed: step release', approvals: [] });
    await expect(yes(asked, people.ben)).rejects.toMatchObject({ message: expect.stringContaining('is void') });
    expect(await runs()).toBe(before);
    const told = (await intentEntries(api.room)).filter(({ data }) => data['intentId'] === asked.intentId);
    expect(told.map(({ kind }) => kind)).toEqual(['intent.proposed', 'intent.void']);
  });

  it(verifies('POLICY-03', 'so do a plan that is gone or broken, and another target'), async () => {
    for (const [text, words] of [
      ['{', 'cannot be used'],
      [planText('echo one', 'two'), 'its target'],
    ] as const) {
      await projectFile(api.room, 'ops/release.yaml', planText('echo one'));
      const asked = await proposeFile();
      await projectFile(api.room, 'ops/release.yaml', text);
      await expect(yes(asked, people.ada)).rejects.toMatchObject({ message: expect.stringContaining(words) });
    }
    await projectFile(api.room, 'ops/release.yaml', planText('echo one'));
    const asked = await proposeFile();
    await rm(join(api.room.project, 'ops/release.yaml'));
    await expect(yes(asked, people.ada)).rejects.toMatchObject({
      message: expect.stringContaining('the plan is gone'),
    });
  });

  it('what cannot be read just now is no change, and whoever decides is told to try again', async () => {
    const asked = await proposeFile();
    await api.room.database.engine.query(
      `update opsroom.intents set queue = queue || '{"project": "/proc/self"}', source = '{"kind": "file", "file": "mem"}' where id = $1`,
      [asked.intentId],
    );
    await expect(yes(asked, people.ada)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    expect((await invoke(listIntentsOperation, { text: asked.intent }, people.ada)).intents).toMatchObject([
      { status: 'waiting' },
    ]);
  });

  it(
    verifies(
      'POLICY-03',
      'a policy that was changed meanwhile makes it void, and is named; half of the approvals count for nothing',
    ),
    async () => {
      const asked = await propose('two');
      expect(await yes(asked, people.ada)).toMatchObject({ status: 'waiting', rules: [{ missing: 1 }] });
      await writeFile(join(policies, 'rules.cedar'), RULES.replace('two asks for it.', 'two wants it.'));
      await expect(yes(asked, people.ben)).rejects.toMatchObject({
        message: expect.stringContaining('void: policy two was changed'),
      });
      await writeFile(join(policies, 'rules.cedar'), RULES);
    },
  );

  it(verifies('POLICY-03', 'its time is over by the clock of the database, whoever asks'), async () => {
    const asked = await propose('plain');
    await api.room.database.engineTx((tx) =>
      changeIntent(tx, api.room.org, asked.intentId, { expiresAt: new Date(0) }),
    );
    await expect(yes(asked, people.ada)).rejects.toMatchObject({ message: expect.stringContaining('has expired') });
    expect((await look(asked)).status).toBe('expired');
    const other = await propose('plain');
    await api.room.database.engineTx((tx) =>
      changeIntent(tx, api.room.org, other.intentId, { expiresAt: new Date(0) }),
    );
    await sweepOnce(api.room);
    expect((await look(other)).status).toBe('expired');
  });
});

describe('who must agree', () => {
  it(verifies('POLICY-05', 'is N different people, each once'), async () => {
    const asked = await propose('two');
    await yes(asked, people.ada);
    await expect(yes(asked, people.ada)).rejects.toMatchObject({
      message: expect.stringContaining('agreed to it already'),
    });
    expect(await yes(asked, people.ben)).toMatchObject({
      status: 'running',
      approvals: [{ by: people.ada.by }, { by: people.ben.by }],
    });
  });

  it(
    verifies('POLICY-05', 'a form is filled in as its schema says, becomes inputs, and stands in the proof'),
    async () => {
      const asked = await propose('form');
      expect((await look(asked)).forms).toMatchObject([{ policy: 'form', schema: TICKET }]);
      await expect(yes(asked, people.ada)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      await expect(yes(asked, people.ada, { form: { ticket: 'x' } })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      const huge = { ticket: 'OPS-1', more: 'x'.repeat(1024 * 1024) };
      await expect(yes(asked, people.ada, { form: huge })).rejects.toMatchObject({ code: 'REQUEST_TOO_LARGE' });
      const moved = { ticket: 'OPS-1', environment: 'production' };
      await expect(yes(asked, people.ada, { form: moved })).rejects.toMatchObject({
        message: expect.stringContaining('another target'),
      });
      expect((await look(asked)).status).toBe('waiting');
      const done = await yes(asked, people.ada, { form: { ticket: 'OPS-7' } });
      const { rows } = await api.room.database.engine.query('select inputs from opsroom.runs where id = $1', [
        done.runId,
      ]);
      expect(rows[0].inputs).toMatchObject({ ticket: 'OPS-7' });
      const proof = await api.room.database.engine.query('select record from opsroom.proofs where run_id = $1', [
        done.runId,
      ]);
      expect(proof.rows[0].record.body.approvals).toMatchObject([{ by: people.ada.by, form: { ticket: 'OPS-7' } }]);
    },
  );

  it(verifies('POLICY-05', 'a form does not move a run under a rule that nobody was asked about'), async () => {
    const asked = await propose('form');
    await expect(yes(asked, people.ada, { form: { ticket: 'OPS-1', ref: 'main' } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('moved'),
    });
    expect((await look(asked)).status).toBe('waiting');
    expect(await yes(asked, people.ada, { form: { ticket: 'OPS-1', ref: 'v2' } })).toMatchObject({ status: 'running' });
  });

  it(
    verifies('POLICY-05', 'what was approved waits for its window, and is looked at once more when it opens'),
    async () => {
      const asked = await propose('window');
      const done = await yes(asked, people.ada);
      expect(done.status).toBe('approved');
      expect(new Date(String(done.startsAt)).getUTCHours()).toBe(HOUR);
      const before = await runs();
      await sweepOnce(api.room);
      expect([(await look(asked)).status, await runs()]).toEqual(['approved', before]);
      await opens(asked);
      await sweepOnce(api.room);
      expect(await look(asked)).toMatchObject({ status: 'running' });
      expect(await runs()).toBe(before + 1);

      const stale = await propose('window');
      await yes(stale, people.ada);
      await writeFile(join(policies, 'rules.cedar'), `${RULES}\n// tightened`);
      await opens(stale);
      await sweepOnce(api.room);
      expect(await look(stale)).toMatchObject({ status: 'void', word: 'the policies were changed' });
      await writeFile(join(policies, 'rules.cedar'), RULES);
      expect(await runs()).toBe(before + 1);
    },
  );

  it(
    verifies('POLICY-05', 'nobody agrees first to what cannot begin while the last word may still count'),
    async () => {
      const asked = await propose('late');
      await expect(yes(asked, people.ada)).rejects.toMatchObject({
        code: 'NOT_ALLOWED_NOW',
        message: expect.stringMatching(/ opens at \S+ \d\d:00 Etc\/UTC, and by policy late an approval counts until /),
      });
      expect(await look(asked)).toMatchObject({ status: 'waiting', approvals: [] });
    },
  );

  it(
    verifies('POLICY-05', 'two people break the glass: past windows and numbers, loudly, and never past a denial'),
    async () => {
      const asked = await propose('never');
      await expect(yes(asked, people.ada)).rejects.toMatchObject({
        message: expect.stringContaining('The next window opens at'),
      });
      const one = await yes(asked, people.ada, { breakGlass: true });
      expect(one).toMatchObject({ status: 'waiting', rules: [{ missing: 1 }] });
      await expect(yes(asked, people.ada, { breakGlass: true })).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
      const gone = await yes(asked, people.ben, { breakGlass: true });
      const breakers = [people.ada.by, people.ben.by];
      expect(gone).toMatchObject({ status: 'running', glassBrokenBy: breakers });
      expect(await invoke(aiIntent, { id: asked.intentId }, people.joe)).toMatchObject({
        approved: false,
        approvedBy: [],
        glassBrokenBy: breakers,
        message: `Glass broken by ${breakers.join(', ')}`,
      });
      const { approvals, glassBrokenBy } = await invoke(getRun, { run: gone.runId ?? '' }, people.ada);
      expect(approvals).toMatchObject(breakers.map((by) => ({ by, breakGlass: true, reason: 'fine' })));
      expect(glassBrokenBy).toEqual(breakers);
      const loud = (await intentEntries(api.room)).filter(({ kind }) => kind === 'approval.break_glass');
      expect(loud.map(({ actor }) => actor)).toEqual([people.ada.by, people.ben.by]);
    },
  );

  it('a run that was approved in the ordinary way is no broken glass, although one person asked for that', async () => {
    const asked = await propose('plain');
    await yes(asked, people.ada, { breakGlass: true });
    const gone = await yes(asked, people.ben);
    const run = await invoke(getRun, { run: gone.runId ?? '' }, people.ada);
    expect(run).toMatchObject({ approvals: [{ breakGlass: true }, { breakGlass: false }], glassBrokenBy: [] });
    const intent = await look(asked);
    expect(intent.approvals.map((word) => saidText(word, intent).split(' as ')[0])).toEqual([
      `asked to break the glass: ${people.ada.by}`,
      `approved by ${people.ben.by}`,
    ]);
    const told = new PassThrough({ encoding: 'utf8' });
    printRun(run, openOutput(told, new PassThrough(), false));
    const text = String(told.read());
    expect(text).toContain(`asked to break the glass: ${people.ada.by}`);
    expect(text).not.toContain('glass broken');
  });

  it(
    verifies('POLICY-03', 'a run that its plan starts anew goes on by the same word, and the intent with it'),
    async () => {
      const plan = { ...JSON.parse(planText('false', 'plain')), retry: { maxAttempts: 2, backoffMs: 0 } };
      const asked = await invoke(createIntent, { intent: 'again', plan: { value: plan } }, people.joe);
      const { runId } = await yes(asked, people.ada);
      const { engine } = api.room.database;
      await engine.query(`update opsroom.runs set status = 'failed', ended_at = clock_timestamp() where id = $1`, [
        runId,
      ]);
      await sweepOnce(api.room);
      expect((await look(asked)).status).toBe('running');
      await api.room.ports.restart(api.room.org, String(runId));
      await sweepOnce(api.room);
      const after = await look(asked);
      expect([after.status, after.runId === runId]).toEqual(['running', false]);
      for (const run of [String(runId), String(after.runId)])
        expect((await invoke(getRun, { run }, people.ada)).intent).toBe(asked.intentId);
      const { rows } = await engine.query(
        `select p.record -> 'body' -> 'approvals' -> 0 ->> 'by' as by from opsroom.proofs p where p.run_id = any ($1) and p.seq = 0`,
        [[runId, after.runId]],
      );
      expect(rows).toEqual([{ by: people.ada.by }, { by: people.ada.by }]);
      await engine.query(
        `update opsroom.runs set status = 'cancelled', word = 'stopped', ended_at = clock_timestamp() where id = $1`,
        [after.runId],
      );
      await sweepOnce(api.room);
      expect(await look(asked)).toMatchObject({ status: 'cancelled', word: 'stopped' });
      const ended = (await intentEntries(api.room)).filter(({ kind }) => kind === 'intent.ended');
      expect(ended.at(-1)).toMatchObject({ actor: 'opsroom', data: { runId: after.runId, status: 'cancelled' } });
    },
  );

  it(verifies('POLICY-03', 'a run that was left unwritten is held to all of it once more'), async () => {
    /** As if the process had died between the last yes and the run. */
    const left = async (app: string): Promise<IntentView> => {
      const asked = await propose(app);
      await yes(asked, people.ada);
      await api.room.database.engineTx(async (tx) => {
        const runId = uuidv7();
        await changeIntent(tx, api.room.org, asked.intentId, { status: 'running', runId, startsAt: new Date(0) });
      });
      return asked;
    };
    const late = await left('plain');
    await api.room.database.engineTx((tx) => changeIntent(tx, api.room.org, late.intentId, { expiresAt: new Date(0) }));
    const shut = await left('window');
    let before = await runs();
    await sweepOnce(api.room);
    expect(await look(late)).toMatchObject({ status: 'expired', word: 'its time was over before it could begin' });
    const again = await look(shut);
    expect([again.status, new Date(String(again.startsAt)).getUTCHours()]).toEqual(['approved', HOUR]);
    expect(await runs()).toBe(before);

    const stale = await left('plain');
    before = await runs();
    await writeFile(join(policies, 'rules.cedar'), `${RULES}\n// tightened`);
    await sweepOnce(api.room);
    expect(await look(stale)).toMatchObject({ status: 'void', word: 'the policies were changed' });
    await writeFile(join(policies, 'rules.cedar'), RULES);
    expect(await runs()).toBe(before);

    const fine = await left('plain');
    before = await runs();
    await sweepOnce(api.room);
    expect([(await look(fine)).status, await runs()]).toEqual(['running', before + 1]);
  });

  it(
    verifies('POLICY-03', 'it begins on the machine and in the project where it was asked for, whoever looks'),
    async () => {
      const elsewhere = await mkdtemp(join(tmpdir(), 'opsroom-elsewhere-'));
      const [there, besides] = [{ host: 'there' }, { project: elsewhere }].map((more) => (room: Room) => ({
        ...room,
        project: elsewhere,
        ...more,
      }));
      // A command in another folder of the same machine.
      const near = await proposeFile();
      expect(await yes(near, besides?.(people.ada) ?? people.ada)).toMatchObject({ status: 'running' });
      // A server of another machine.
      const far = await proposeFile();
      const agreed = await yes(far, there?.(people.ada) ?? people.ada);
      expect(agreed).toMatchObject({ status: 'approved', word: expect.stringContaining('"here"') });
      await sweepOnce({ ...api.room, host: 'there', project: elsewhere });
      expect(await look(far)).toMatchObject({ status: 'approved' });
      await sweepOnce(api.room);
      const begun = await look(far);
      expect(begun).toMatchObject({ status: 'running', word: '' });
      const { rows } = await api.room.database.engine.query('select host from opsroom.runs where id = $1', [
        begun.runId,
      ]);
      expect(rows).toEqual([{ host: 'here' }]);
      await rm(elsewhere, { recursive: true });
    },
  );

  const opens = (intent: IntentView) =>
    api.room.database.engineTx((tx) => changeIntent(tx, api.room.org, intent.intentId, { startsAt: new Date(0) }));
});

it(
  verifies('POLICY-05', 'what is filled in for a plain re-run reaches the run, and what was done stays done'),
  async () => {
    const { engine } = api.room.database;
    const asked = await propose('form');
    const { runId } = await yes(asked, people.ada, { form: { ticket: 'OPS-1' } });
    await engine.query(`update opsroom.runs set status = 'failed', ended_at = clock_timestamp() where id = $1`, [
      runId,
    ]);
    const again = await invoke(createIntent, { plan: { run: String(runId) }, intent: 'again' }, people.joe);
    const done = await yes(again, people.ada, { form: { ticket: 'OPS-2' } });
    const { rows } = await engine.query('select inputs, parent_id as parent from opsroom.runs where id = $1', [
      done.runId,
    ]);
    expect(rows).toMatchObject([{ inputs: { ticket: 'OPS-2' }, parent: runId }]);
  },
);
