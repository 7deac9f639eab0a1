import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { approveIntent } from '#operations/intents/answers.js';
import { invoke } from '#operations/invoke.js';
import { getRun } from '#operations/runs/get.js';
import { agentKey, personRoom, projectFile } from '../harness/authority.js';
import { type McpRoom, mcpRoom } from '../harness/mcp.js';
import { missing } from '../harness/parts.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

let room: McpRoom;
let cursor: string;
let gpt: string;
/** Where a runbook works. */
let work: string;
/** A file beside it, which nobody sees who is isolated. */
let outside: string;

beforeAll(async () => {
  room = await mcpRoom();
  const scopes = ['run:read', 'run:start', 'intent:propose'] as const;
  cursor = await agentKey(room.room, 'cursor', scopes);
  gpt = await agentKey(room.room, 'gpt', scopes);
}, 60_000);
afterAll(() => room.close());
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'opsroom-isolated-'));
  outside = await mkdtemp(join(tmpdir(), 'opsroom-outside-'));
});
afterEach(async () => {
  await rm(work, { recursive: true, force: true });
  await rm(outside, { recursive: true, force: true });
});

const ISOLATED = '---\nopsroom: { run: true, sandbox: { level: bubblewrap } }\n---\n';

/** Each part of it fails where it sees what lies outside. */
function runbook(last: string): string {
  const block = (code: string) => `\`\`\`bash\nif [ -e ${outside} ]; then exit 1; fi\n${code}\n\`\`\`\n\n`;
  return `# Build the shop

## Prerequisites

${block('test -w .')}## Build

${block('mkdir shop && cd shop\nexport REF=v1\nLOCAL=2')}${block('echo "$REF $LOCAL" > ref.txt')}## Verify

${block('grep -qx "v1 2" ref.txt')}## Publish

${block(last)}## Rollback

${block('mv ref.txt taken-back.txt\necho "$REF" > undone.txt')}`;
}

const planOf = (text: string) => ({ text, file: join(work, 'build.md') });
const ada = () => personRoom(room.room, 'ada', 'owner');

/** What became of an intent that somebody agrees to: of each step its end, how it was isolated, and its checks that are proven. */
async function endOf(intent: string): Promise<{ status: string; steps: string[] }> {
  const { runId } = await invoke(approveIntent, { intent, reason: 'fine' }, ada());
  const run = String(runId);
  await eventually(async () => (await invoke(getRun, { run }, room.room)).endedAt !== null);
  const { status, steps } = await invoke(getRun, { run }, room.room);
  const proven = (verdicts: (typeof steps)[number]['verdicts']) =>
    verdicts.flatMap((verdict) => (verdict.proven ? [verdict.id] : []));
  return {
    status,
    steps: steps.map((step) => [step.id, step.status, step.isolation, ...proven(step.verdicts)].join(' ')),
  };
}

async function proposedOverMcp(text: string) {
  const client = await room.connect(cursor, 'modern');
  const { structuredContent, isError, content } = await client.callTool({
    name: 'intents_create',
    arguments: { plan: planOf(text), reason: 'the shop is to be built' },
  });
  return { isError: isError === true, told: JSON.stringify(content), intent: structuredContent as Proposed };
}
interface Proposed {
  readonly intentId: string;
  readonly status: string;
}

test.skipIf(missing('bwrap'))(
  verifies(
    'COMPILE-03',
    'an agent that proposes a runbook over MCP is told how it is isolated, and then it runs so to its end',
  ),
  async () => {
    const text = runbook('touch published.txt');
    const refused = await proposedOverMcp(text.replace('# Build', '---\nopsroom: { run: true }\n---\n# Build'));
    expect(refused).toMatchObject({ isError: true, told: expect.stringContaining('agent-plan-isolated') });
    expect(refused.told).toContain('opsroom: { sandbox: { level: bubblewrap, network: true } }');

    const { intent, told } = await proposedOverMcp(ISOLATED + text);
    expect([intent?.status, told]).toEqual(['waiting', expect.any(String)]);
    expect(await endOf(intent.intentId)).toEqual({
      status: 'succeeded',
      steps: ['build done bubblewrap', 'build-2 done bubblewrap check', 'publish done bubblewrap'],
    });
    expect(await readFile(join(work, 'shop', 'ref.txt'), 'utf8')).toBe('v1 2\n');
    expect((await readdir(join(work, 'shop'))).toSorted()).toEqual(['published.txt', 'ref.txt']);
  },
  60_000,
);

test.skipIf(missing('bwrap'))(
  verifies('COMPILE-03', 'a runbook that an agent proposes over the API is taken back isolated when a block fails'),
  async () => {
    const answer = await room.ask('POST', '/v1/intents', {
      body: { plan: planOf(ISOLATED + runbook('cat nothing-there')), reason: 'the shop is to be built' },
      headers: { 'x-api-key': gpt },
    });
    expect(answer.body()).toMatchObject({ status: 'waiting' });
    expect(await endOf(String(answer.body()['intentId']))).toEqual({
      status: 'rolled_back',
      steps: [
        'build done bubblewrap',
        'build/undo-rollback done bubblewrap',
        'build-2 done bubblewrap check',
        'publish failed bubblewrap',
      ],
    });
    expect((await readdir(join(work, 'shop'))).toSorted()).toEqual(['taken-back.txt', 'undone.txt']);
    expect(await readFile(join(work, 'shop', 'undone.txt'), 'utf8')).toBe('v1\n');
  },
  60_000,
);

test('a refusal names a file of the project as the agent named it, and not where the project lies', async () => {
  await projectFile(room.room, 'ops/unseen.md', '# Build\n\n```bash\nmake\n```\n');
  const plan = { name: 'ops/unseen.md' };
  const client = await room.connect(cursor, 'modern');
  const { content } = await client.callTool({ name: 'intents_create', arguments: { plan, reason: 'a test' } });
  const headers = { 'x-api-key': gpt };
  const answer = await room.ask('POST', '/v1/intents', {
    body: { plan, reason: 'a test' },
    headers,
  });
  for (const told of [JSON.stringify(content), answer.text]) {
    expect(told).toContain('opsroom review ops/unseen.md');
    expect(told).not.toContain(room.room.project);
  }
});
