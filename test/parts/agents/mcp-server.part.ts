import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../harness/database.js';
import { START_MS, TestHome } from '../../harness/home.js';
import { verifies } from '../../harness/requirements.js';
import { fakeModel, type Turn } from './model.js';
import { AgentHome, missingAgents, modelArgs } from './programs.js';
import { answerTo, call, responsesModel, say, toolsOf } from './responses.js';

const LIMIT = 120_000;
const WAYS = [
  ['a program that it starts', []],
  ['HTTP', ['--http']],
] as const;
const PLAN = {
  value: {
    apiVersion: 'opsroom/v1',
    title: 'From an agent',
    target: { environment: 'staging' },
    workspace: { kind: 'temp' },
    steps: [
      {
        id: 'hello',
        tool: 'shell',
        sandbox: { level: 'bubblewrap' },
        args: { run: 'echo hello > hello.txt' },
        verifiers: [{ id: 'there', kind: 'file', required: true, config: { path: 'hello.txt' } }],
      },
    ],
  },
};

interface Intent {
  readonly intentId: string;
  readonly status: string;
  readonly proposedBy: string;
}

describe.skipIf(missingAgents())('the room as the MCP server of', () => {
  let db: TestDatabase;
  let home: TestHome;
  let agent: AgentHome;
  const keys = new Map<string, string>();
  const settings = () => ({ DATABASE_URL: db.url, OPSROOM_HOST: 'here' });
  const opsroom = async (...args: string[]) => {
    const { code, stdout, stderr } = await home.start(args, settings()).finished;
    expect(code, stderr).toBe(0);
    return stdout;
  };

  beforeAll(async () => {
    db = await testDatabase();
    home = new TestHome();
    await home.start(['start', '--port', '0', '--json'], settings()).saw('"url"', START_MS);
    // docs/mcp-server.md, "Connect, in a minute".
    for (const name of ['claude-code', 'codex']) {
      const scope = 'run:read,run:start,run:control,intent:propose';
      const [key = ''] = (await opsroom('keys', 'create', '--name', name, '--agent', name, '--scope', scope)).split(
        '\n',
      );
      keys.set(name, key);
    }
  }, LIMIT);
  afterAll(async () => {
    await home?.close();
    await db?.close();
  }, LIMIT);
  beforeEach(() => {
    agent = new AgentHome();
  });
  afterEach(() => agent.close());

  /** Writes what `mcp config` prints to where it says that it belongs, and more lines below. */
  async function configured(client: string, options: readonly string[], more = ''): Promise<void> {
    const { file, text } = JSON.parse(await opsroom('mcp', 'config', client, ...options, '--json')) as Record<
      'file' | 'text',
      string
    >;
    const path = join(agent.path, file.replace('~/', ''));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${text}${more}`);
  }

  /** Runs the client in its project, with its key in the environment; what it printed, line by line. */
  async function run(client: 'claude-code' | 'codex', args: readonly string[], env: Readonly<Record<string, string>>) {
    const [program, ...first] = client === 'codex' ? ['codex', 'exec', '--json'] : ['claude', '-p'];
    const child = spawn(program ?? '', [...first, ...args], {
      cwd: agent.path,
      env: { ...agent.env, ...env, DATABASE_URL: db.url, OPSROOM_API_KEY: keys.get(client) ?? '' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    child.stdin.end('Propose it');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code, `${stderr}\n${stdout}`).toBe(0);
    return stdout;
  }

  const intentsOf = async (client: string) => {
    const intents = JSON.parse(await opsroom('intents', '--by', `key:${client}`, '--json')) as { intents: Intent[] };
    return intents.intents;
  };

  test.each(WAYS)(
    verifies('SEE-02', 'Claude Code: it proposes over %s, the intent waits, and there is nothing to approve with'),
    async (_, options) => {
      const before = (await intentsOf('claude-code')).length;
      await configured('claude-code', options);
      const turns: Turn[] = [
        { call: 'mcp__opsroom__intents_create', args: { plan: PLAN, reason: 'as the test wants it' } },
        { call: 'mcp__opsroom__intents_approve', args: { intent: 'last', reason: 'I say so' } },
        { say: 'It waits.' },
      ];
      const model = await fakeModel(() => turns);
      const { env } = modelArgs('claude-code', model.url);
      // Nobody is there to allow the call; nor does it wait for its servers before it asks the model, unless it is told to.
      const args = ['--output-format', 'stream-json', '--verbose', '--allowedTools', 'mcp__opsroom__*'];
      const said = await run('claude-code', args, { ...env, MCP_CONNECTION_NONBLOCKING: '0' });
      await model.close();
      const [init = '{}'] = said.split('\n');
      const { mcp_servers: servers, tools } = JSON.parse(init) as { mcp_servers: object[]; tools: string[] };
      expect(servers).toMatchObject([{ name: 'opsroom', status: 'connected' }]);
      expect(tools).toContain('mcp__opsroom__intents_create');
      expect(tools.filter((name) => /approve|reject/.test(name))).toEqual([]);
      const [proposed = '', approved] = model.answers();
      expect(proposed).toContain('waiting');
      expect(approved).toContain('No such tool');
      const intents = await intentsOf('claude-code');
      expect(intents).toHaveLength(before + 1);
      expect(intents[0]).toMatchObject({ status: 'waiting' });
    },
    LIMIT,
  );

  /** Asks once the server's tools are there: reads, proposes, tries to approve. */
  async function codex(options: readonly string[], more?: string) {
    await configured('codex', options, more);
    const answers = new Map<string, string>();
    let offered: string[] = [];
    const steps: [string, object][] = [
      ['me_get', {}],
      ['intents_create', { plan: PLAN, reason: 'as the test wants it' }],
      ['intents_approve', { intent: 'last', reason: 'I say so' }],
    ];
    let waits = 0;
    const model = await responsesModel((asked) => {
      const tools = toolsOf(asked, 'opsroom');
      if (tools.length > 0) offered = tools;
      for (const [name] of steps) answers.set(name, answerTo(asked, name) ?? '');
      if (offered.length === 0) return call(`wait_${++waits}`, 'exec_command', { cmd: 'sleep 0.5' });
      const [name, args] = steps.find(([one]) => answers.get(one) === '') ?? ['', {}];
      return name === '' ? say('It waits.') : call(name, name, args, 'mcp__opsroom');
    });
    const { options: led, env } = modelArgs('codex', model.url);
    await run('codex', ['--skip-git-repo-check', '-m', 'house-model', ...led, '-'], env);
    await model.close();
    return { offered, answers };
  }

  test.each(WAYS)(
    verifies('SEE-02', 'Codex: it reads over %s as it is configured, and without a person calls nothing that changes'),
    async (_, options) => {
      const before = (await intentsOf('codex')).length;
      const { offered, answers } = await codex(options);
      expect(offered).toContain('intents_create');
      expect(offered.filter((name) => /approve|reject/.test(name))).toEqual([]);
      expect(answers.get('me_get')).toContain('key:codex');
      expect(answers.get('intents_create')).toContain('requires approval');
      expect(await intentsOf('codex')).toHaveLength(before);
    },
    LIMIT,
  );

  test.each(WAYS)(
    verifies('SEE-02', 'Codex: told that the room decides, it proposes over %s; the intent waits'),
    async (_, options) => {
      const before = (await intentsOf('codex')).length;
      const { answers } = await codex(options, 'default_tools_approval_mode = "approve"\n');
      expect(answers.get('intents_create')).toContain('waiting');
      expect(answers.get('intents_approve')).toContain('unsupported call');
      const intents = await intentsOf('codex');
      expect(intents).toHaveLength(before + 1);
      expect(intents[0]).toMatchObject({ status: 'waiting' });
    },
    LIMIT,
  );
});
