import { expect, test } from 'vitest';
import { runbookContracts } from '../../../test/harness/runbook-contracts.js';
import type { Machine } from './blocks/machine.js';
import { compileRunbook, type RunbookInput } from './runbook.js';

const linux: Machine = { platform: 'linux', has: (program) => program === 'yarn' };
const compile = (text: string, more: Partial<RunbookInput> = {}) =>
  compileRunbook({ text, file: 'ops/rotate.md', machine: linux, ...more }, runbookContracts);
const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n\n`;

test('blocks become steps in their order, in one shell', async () => {
  const { plan, source } = await compile(
    `# Rotate\n\n## Make the key\n\n${block('cd /srv\nmake key')}## Use it\n\n${block('make use')}`,
  );
  expect(plan.title).toBe('Rotate');
  expect(
    plan.steps.map(({ id, title, args, dependsOn, description }) => ({ id, title, args, dependsOn, description })),
  ).toEqual([
    {
      id: 'make-the-key',
      title: 'Make the key',
      description: 'rotate.md:5–8',
      args: { run: 'cd /srv\nmake key', session: { name: 'main', order: 0 } },
      dependsOn: [],
    },
    {
      id: 'use-it',
      title: 'Use it',
      description: 'rotate.md:12–14',
      args: { run: 'make use', session: { name: 'main', order: 1 } },
      dependsOn: ['make-the-key'],
    },
  ]);
  expect(source.get('use-it')).toEqual({ file: 'ops/rotate.md', line: 12, column: 1 });
});

test('placeholders and free variables become inputs, handed over by the environment', async () => {
  const { plan, needs } = await compile(
    `# R\n\n${block('deploy --app <your-app> --to "$REGION"')}${block('export REGION=x\necho $REGION <path>')}`,
  );
  expect(plan.steps.map(({ args }) => [args['run'], args['env']])).toEqual([
    ['deploy --app "$YOUR_APP" --to "$REGION"', { REGION: '{{ inputs.region }}', YOUR_APP: '{{ inputs.your_app }}' }],
    // PATH is the shell's own.
    ['export REGION=x\necho $REGION "$INPUT_PATH"', { INPUT_PATH: '{{ inputs.path }}' }],
  ]);
  expect(needs.inputs).toEqual(['region', 'your_app', 'path']);
});

test('what a block sets is no input of the blocks after it', async () => {
  const { needs } = await compile(`# R\n\n${block('export STAMP=1')}${block('echo $STAMP')}`);
  expect(needs.inputs).toEqual([]);
});

test('what a block makes of an input goes on to the blocks after it; a secret is handed to each', async () => {
  const text = `${block('VERSION=${VERSION#v}\nexport TOKEN REGION')}${block('echo $VERSION $TOKEN $REGION')}`;
  const { plan } = await compile(`---\nopsroom: { secrets: [token] }\n---\n${text}`);
  expect(plan.steps.map(({ args }) => [args['session'], args['env']])).toEqual([
    [
      { name: 'main', order: 0, keeps: ['VERSION', 'REGION'] },
      { VERSION: '{{ inputs.version }}', TOKEN: '{{ secrets.TOKEN }}', REGION: '{{ inputs.region }}' },
    ],
    [{ name: 'main', order: 1 }, { TOKEN: '{{ secrets.TOKEN }}' }],
  ]);
});

test('the front matter gives values, and says what is secret', async () => {
  const text = `---\nopsroom:\n  inputs: { region: eu }\n  secrets: [token]\n  lane: B\n---\n# R\n\n${block('deploy $REGION $TOKEN')}`;
  const { plan, needs } = await compile(text);
  expect(plan.lane).toBe('B');
  expect(plan.steps[0]?.args['env']).toEqual({ REGION: '{{ inputs.region }}', TOKEN: '{{ secrets.TOKEN }}' });
  expect(needs).toEqual({ secrets: ['TOKEN'], env: [], inputs: [] });
});

test('braces of other templates stand for themselves', async () => {
  const { plan } = await compile(`# R\n\n${block("docker ps --format '{{.Names}}'")}`);
  expect(plan.steps[0]?.args['run']).toBe("docker ps --format '{{{{.Names}}'");
});

test('checks verify the step before them, and see the shell as it leaves it', async () => {
  const text = `# R\n\n## Deploy\n\n${block('make deploy')}## Verify\n\n${block('curl -f http://x/{{')}${block('$ ./status.sh; cat state\nup', 'console')}`;
  const { plan } = await compile(text);
  expect(plan.steps[0]?.verifiers).toEqual([
    {
      id: 'curl',
      kind: 'shell',
      required: true,
      config: { run: 'curl -f http://x/{{{{', session: { name: 'main', order: 1 } },
    },
  ]);
  expect(plan.steps[1]?.verifiers).toMatchObject([{ id: 'shown-output', kind: 'json_schema', required: false }]);
});

test('what the text says is printed is looked for in the output, which is a warning', async () => {
  const text = `# R\n\n## Deploy\n\n${block('make deploy')}You should see \`3 pods\`.\n\n## Verify\n\n${block('curl http://x')}You should see \`ok\`.\n`;
  const [step] = (await compile(text)).plan.steps;
  expect(step?.verifiers).toMatchObject([
    {
      id: 'shown-output',
      config: { schema: { pattern: String.raw`(?:^|[^\w.,-]|(?:^|\D)[.,]|\w-)3[ \t]+pods(?:\W|$)` } },
      required: false,
    },
    { id: 'curl', required: true },
    { id: 'curl-output', config: { stdoutContains: 'ok', wholeWord: true }, required: false },
  ]);
});

test('a weak check is a warning, and refused when strict', async () => {
  const text = `# R\n\n${block('make deploy')}## Verify\n\n${block('kubectl get pods')}`;
  expect((await compile(text)).warnings.join()).toContain('states no expectation');
  await expect(compile(text, { strict: true })).rejects.toMatchObject({ code: 'RUNBOOK_WEAK_CHECK' });
});

test('the rollback undoes the first step that changes something, and asks before it destroys', async () => {
  const text = `# R\n\n## Deploy\n\n${block('cd x')}${block('make deploy')}${block('make more')}## Rollback\n\n${block('make undo')}${block('rm -rf /srv/new')}`;
  const { plan, explanation } = await compile(text);
  expect(plan.steps.map(({ rollback }) => rollback?.map(({ kind, args }) => args['run'] ?? kind))).toEqual([
    undefined,
    ['make undo', 'system', 'rm -rf /srv/new'],
    // Taken back by the one before it.
    [],
  ]);
  expect(explanation.steps.filter(({ label }) => label === 'rollback').map(({ id }) => id)).toEqual([
    'make-deploy',
    'make-deploy',
  ]);
});

test('a rollback of a procedure of its own belongs to that', async () => {
  const text = `# R\n\n## One\n\n${block('make one')}## Two\n\n### Do\n\n${block('make two')}### Rollback\n\n${block('make undo')}`;
  const { plan } = await compile(text);
  expect(plan.steps.map(({ id, rollback }) => [id, rollback?.length])).toEqual([
    ['one', undefined],
    ['do', 1],
  ]);
});

test('prerequisites are conditions of the first step', async () => {
  const { plan } = await compile(
    `# R\n\n## Prerequisites\n\n${block('node --version')}${block('brew install jq')}## Deploy\n\n${block('make deploy')}`,
  );
  expect(plan.steps[0]?.preconditions).toMatchObject([
    { id: 'node', kind: 'shell', config: { run: 'node --version', session: { name: 'main', order: 0 } } },
    { id: 'command-jq', kind: 'shell', mend: 'Install it: brew install jq' },
  ]);
});

test('what destroys asks before, unless it was reviewed', async () => {
  const { plan } = await compile(`# R\n\n${block('rm -rf /srv/old')}`);
  expect(plan.steps.map(({ id, kind }) => [id, kind])).toEqual([
    ['ask-rm', 'system'],
    ['rm', 'tool'],
  ]);
  expect(plan.steps[0]?.args['instructions']).toContain('rm -rf /srv/old');
});

test('a line below a numbered one stays a line of its own in what a person is told, and is no part of the name', async () => {
  const text =
    '# Restart it\n\n1. Look\nFirst look, and wrap\nas a book does.\n2. **Restart**\nCall someone.\nmkdir -p state\ndate > `state/at`\n';
  const { plan } = await compile(text);
  expect(plan.steps.map(({ id, title, args }) => [id, title, args['instructions']])).toEqual([
    ['look', 'Look', 'Look\nFirst look, and wrap\nas a book does.'],
    ['restart', 'Restart', 'Restart\nCall someone.\nmkdir -p state\ndate > state/at'],
  ]);
});

test('an item whose words make no id is a step', async () => {
  const { plan } = await compile('# R\n\n1. 再起動する\n2. 確認する\n');
  expect(plan.steps.map(({ id }) => id)).toEqual(['step', 'step-2']);
});

test('servers run in the background until they are up', async () => {
  const { plan } = await compile(`# R\n\n${block('vite --port 4000')}`);
  expect(plan.steps[0]).toMatchObject({ action: 'background', args: { ready: { port: 4000 } } });
});

test.each([
  ['API_PORT=18490\npython3 -m http.server $API_PORT', { port: 18_490 }],
  ['export API_PORT="18490"\npython3 -m http.server "$API_PORT" --directory "$WEB"', { port: 18_490 }],
  ['uvicorn app:app --port ${API_PORT:-8100}', { port: 8100 }],
  ['API_PORT=1801\nAPI_PORT=1802\npython3 -m http.server $API_PORT', { aliveMs: 5000 }],
  ['vite --port "$API_PORT"', { aliveMs: 5000 }],
  ['python3 manage.py runserver 0.0.0.0:$API_PORT', { aliveMs: 5000 }],
  ['python3 -m http.server --directory $WEB', { port: 8000 }],
])('a port that is a variable is what the block sets, and no default: %s', async (script, ready) => {
  const { plan } = await compile(`# R\n\n${block(script)}`);
  expect(plan.steps.at(-1)).toMatchObject({ action: 'background', args: { ready } });
});

test('alternatives become a choice that the machine presets', async () => {
  const { plan, explanation } = await compile(
    `# R\n\n## Install\n\n${block('npm ci')}${block('yarn install x')}`.replace('npm ci', 'npm install x'),
  );
  expect(plan.inputSchema).toMatchObject({
    properties: { package_manager: { enum: ['npm', 'yarn'], default: 'yarn' } },
  });
  expect(plan.steps.map((step) => step.if)).toEqual([
    'inputs.package_manager == "npm"',
    'inputs.package_manager == "yarn"',
  ]);
  expect(explanation.steps.map(({ label }) => label)).toEqual(['choice', 'choice']);
});

test.each([
  [
    'headings',
    `# R\n\n## Install\n\n### macOS\n\n${block('make mac')}### Linux\n\n${block('make linux')}`,
    ['macos', 'linux'],
    'linux',
  ],
  [
    '"or"',
    `# R\n\n## Go\n\n${block('make a')}Or, with curl:\n\n${block('curl http://x')}`,
    ['make', 'curl'],
    undefined,
  ],
  ['lines of one block', `# R\n\n${block('npm ci\n# or\nyarn install')}`, ['npm', 'yarn'], 'yarn'],
])('alternatives by %s', async (_how, text, values, preset) => {
  const { plan } = await compile(text);
  const [schema] = Object.values(
    (plan.inputSchema as { properties: Record<string, { enum: string[]; default?: string }> }).properties,
  );
  expect(schema?.enum).toEqual(values);
  expect(schema?.default).toBe(preset);
  expect(plan.steps.length).toBe(2);
});

test('without a machine the choice is asked', async () => {
  const { needs } = await compile(`# R\n\n${block('npm ci\n# or\nyarn install')}`, { machine: undefined });
  expect(needs.inputs).toEqual(['package_manager']);
});

test('a section brings its prerequisites and its rollback', async () => {
  const text = `# R\n\n## Prerequisites\n\n${block('git --version')}## Rotate\n\n### Do\n\n${block('make rotate')}### Rollback\n\n${block('make undo')}## Other\n\n${block('make other')}`;
  const { plan, explanation } = await compile(text, { section: 'rotate' });
  expect(plan.steps.map(({ id, preconditions, rollback }) => [id, preconditions.length, rollback?.length])).toEqual([
    ['do', 1, 1],
  ]);
  expect(explanation.leftOut.map(({ rule }) => rule)).toEqual(['other-section']);
  await expect(compile(text, { section: 'rotat' })).rejects.toMatchObject({
    code: 'RUNBOOK_SECTION',
    mend: expect.stringMatching(/^Did you mean "rotate"\? Its sections are #\S+.*#rotate/),
  });
});

test('a section without its name is told which there are', async () => {
  const text = `# R\n\n## First\n\n${block('make a')}## Notes\n\ntext\n\n## Then\n\n${block('make b')}`;
  expect((await compile(text)).anchors).toEqual(['first', 'then']);
  const deploy = `# Shop\n\n## Before\n\n- [ ] Tell them\n\n## Deploy\n\n### 1. Build\n\n${block('make a')}### 2. Switch\n\n${block('make b')}## Verify\n\n${block('test -s a')}## Rollback\n\n${block('make undo')}`;
  expect((await compile(deploy)).anchors).toEqual(['deploy']);
  expect((await compile(`# Shop\n\n${block('make a')}`)).anchors).toEqual([]);
  await expect(compile(deploy, { section: 'zzzzzzzz' })).rejects.toMatchObject({
    mend: 'Its sections are #shop, #before, #deploy, #1-build, #2-switch, #verify, #rollback.',
  });
});

test('the section of the title is the whole file when it holds every block', async () => {
  const text = `# R\n\n${block('make a')}## Then\n\n${block('make b')}`;
  const whole = async (section?: string) => (await compile(text, { section })).whole;
  expect([await whole(), await whole('r'), await whole('then')]).toEqual([true, true, false]);
  const one = await compile(`# R\n\n## Only\n\n${block('make a')}`, { section: 'only' });
  expect([one.whole, one.anchors]).toEqual([false, ['only']]);
});

test('where a section is to run is asked before everything in it', async () => {
  const text = `# R\n\n## Do\n\n${block('cd /srv/app\nmake a')}## Clear\n\n${block('rm -rf cache')}`;
  const { plan, explanation } = await compile(text, { section: 'clear' });
  expect(plan.steps.map(({ id, args }) => [id, args['guards']])).toEqual([
    ['ask-folder', ['ask-clear', 'clear']],
    ['ask-clear', ['clear']],
    ['clear', undefined],
  ]);
  expect(explanation.questions.map(({ lines }) => lines.from)).toEqual([5]);
  const asked = plan.steps[0]?.args['instructions'];
  expect(asked).toMatch(/^rotate\.md:5–8 goes to another folder/);
  expect(asked).toContain('rm -rf cache');
  expect(asked).not.toContain('make a');
  const moved = await compile(text.replace('\nmake a', ''), { section: 'clear' });
  expect(moved.plan.steps.map(({ id }) => id)).toEqual(['do', 'ask-clear', 'clear']);
});

test('a rollback that is asked for by its name is what is done', async () => {
  const undo = `## Rollback\n\n${block('ln -sfn "$APP/old" "$APP/current"\nrm -rf "$APP/new"')}- [ ] Tell them\n\n${block('test -s "$APP/current"')}`;
  const text = `# R\n\n## Do\n\n${block('export APP=/srv/app\nmake switch')}## Verify\n\n${block('test -s new')}${undo}`;
  const { plan, needs, explanation } = await compile(text, { section: 'rollback' });
  expect(plan.steps.map(({ id, kind, rollback }) => [id, kind, rollback])).toEqual([
    ['ask-ln', 'system', undefined],
    ['ln', 'tool', undefined],
    ['tell-them', 'system', undefined],
    ['test', 'tool', undefined],
  ]);
  expect(needs.inputs).toEqual(['app']);
  expect(explanation.steps.map(({ rule }) => rule)).toEqual(['rollback-asked-for', 'item', 'rollback-asked-for']);
  expect((await compile(text)).plan.steps[0]?.rollback?.length).toBeGreaterThan(0);
});

test('Runme’s promptEnv asks for the values of variables, and takes secrets as such', async () => {
  const script = 'export REGION="eu-west-1" # where\nexport API_TOKEN=\nmake deploy';
  const { plan, needs } = await compile(`# R\n\n## Go\n\n${block(script, 'bash {"promptEnv":"true"}')}`);
  expect(plan.steps[0]?.args).toMatchObject({
    run: 'export REGION="$INPUT_REGION" # where\nexport API_TOKEN="$INPUT_API_TOKEN"\nmake deploy',
    env: { INPUT_REGION: '{{ inputs.region }}', INPUT_API_TOKEN: '{{ secrets.API_TOKEN }}' },
  });
  expect(needs).toMatchObject({ inputs: ['region'], secrets: ['API_TOKEN'] });
  const plain = await compile(`# R\n\n## Go\n\n${block(script, 'bash {"promptEnv":"false"}')}`);
  expect(plain.needs.inputs).toEqual([]);
});

test('SQL runs where a database is named, statement by statement', async () => {
  const text = `# R\n\n${block("insert into a values ('x;y');\nselect 1;", 'sql database=SHOP_DB')}`;
  const { plan, needs } = await compile(text);
  expect(plan.steps.map(({ action, args }) => [action, args['query']])).toEqual([
    ['execute', "insert into a values ('x;y')"],
    ['query', 'select 1'],
  ]);
  expect(needs.secrets).toEqual(['SHOP_DB']);
});

test('a request runs by the http tool', async () => {
  const { plan } = await compile(
    `# R\n\n${block('POST https://api.acme.dev/x HTTP/1.1\nAccept: text/plain\n\n{"a": 1}', 'http')}`,
  );
  expect(plan.steps[0]?.args).toEqual({
    method: 'POST',
    url: 'https://api.acme.dev/x',
    headers: { Accept: 'text/plain' },
    body: '{"a": 1}',
    bodyType: 'text',
  });
});

test('every block stands exactly once in the explanation', async () => {
  const text = `# R\n\n${block('make a')}1. Call them\n\n${block('npm ci\n# or\nyarn install')}${block('{}', 'json')}## Verify\n\n${block('curl -f http://x')}## Rollback\n\n${block('make undo')}`;
  const { explanation } = await compile(text);
  const lines = [...explanation.steps, ...explanation.leftOut].map(({ lines: { from } }) => from).sort((a, b) => a - b);
  expect(lines).toEqual([3, 7, 9, 15, 21, 27]);
});

test('every danger of a block is told, each once; a check of several steps names them', async () => {
  const text = `# R\n\n${block('npm ci\n# or\nyarn install')}## Verify\n\n${block('test -d node_modules')}## Go\n\n${block('rm -rf a\nrm -rf b\ngit push --force')}`;
  const { explanation } = await compile(text);
  const [, check, go] = explanation.steps;
  expect(check?.why).toMatch(/; of \S+ as well$/);
  expect(go?.ask).toMatch(/^`rm` [^;]+; `git` [^;]+$/);
});

test('what is wrong is told at the line of the file', async () => {
  await expect(compile(`# R\n\n${block('make a', 'bash {if=inputs.nope}')}`)).rejects.toMatchObject({
    code: 'PLAN_EXPRESSION',
    where: 'ops/rotate.md:3, step make-a',
  });
  await expect(compile('---\nopsroom: { rum: true }\n---\n# R\n')).rejects.toMatchObject({
    code: 'RUNBOOK_SETTINGS',
    mend: 'Did you mean "run"?',
  });
  await expect(compile('# R\n\nText only.\n')).rejects.toMatchObject({ code: 'RUNBOOK_EMPTY' });
});

test('a block with a part for some cases becomes several steps', async () => {
  const script = '# 1. Back up\ncp a.db b.db\n\n# 2. Start afresh if needed\nrm -rf a.db\n\n# 3. Restart\nmake restart';
  const { plan, explanation } = await compile(
    `# Ops\n\n## Mend it\n\n${block(script)}## Verify\n\n${block('test -s b.db')}`,
  );
  expect(plan.inputSchema).toMatchObject({
    properties: {
      start_afresh_if_needed: {
        enum: ['no', 'yes'],
        default: 'no',
        description: 'Answer yes to do what stands below "Start afresh if needed".',
      },
    },
  });
  expect(plan.steps.map(({ description }) => description)).toEqual(
    ['6–7', '9–10', '9–10', '12–13'].map((lines) => `rotate.md:${lines}`),
  );
  const asked = 'inputs.start_afresh_if_needed == "yes"';
  expect(plan.steps.map(({ id, title, if: condition, kind }) => [id, title, condition, kind])).toEqual([
    ['cp-a-db-b-db', 'Back up', undefined, 'tool'],
    ['ask-rm-a-db', 'Confirm: Start afresh if needed', asked, 'system'],
    ['rm-a-db', 'Start afresh if needed', asked, 'tool'],
    ['make-restart', 'Restart', undefined, 'tool'],
  ]);
  expect(plan.steps[3]?.verifiers).toHaveLength(1);
  expect(explanation.steps).toMatchObject([
    { label: 'run', rule: 'conditional-part', lines: { from: 5, to: 14 }, ask: expect.stringContaining('rm') },
    { label: 'verify', lines: { from: 18, to: 20 } },
  ]);
});

test('what goes on before something is changed is looked at by a person', async () => {
  const script = 'cp a.db b.db\n\n# Watch\ndocker stats\n\n# Restart\nmake restart';
  const { plan } = await compile(`# Ops\n\n## Mend it\n\n${block(script)}`);
  expect(plan.steps.map(({ title, kind, description }) => [title, kind, description])).toEqual([
    ['Mend it: cp a.db b.db', 'tool', 'rotate.md:6'],
    ['Watch', 'system', 'rotate.md:8–9'],
    ['Restart', 'tool', 'rotate.md:11–12'],
  ]);
  expect(plan.steps[1]?.args['instructions']).toContain('docker stats');
  expect(plan.steps[1]?.args['instructions']).not.toContain('make restart');
});

test('a part of a way waits for both: the way and its own case', async () => {
  const { plan } = await compile(
    `# Ops\n\n## Option A\n\n${block('make a\n\n# Optional\nmake more')}## Option B\n\n${block('make b')}`,
  );
  expect(plan.steps.map(({ if: condition }) => condition)).toEqual([
    'inputs.way == "option_a"',
    'inputs.way == "option_a" && inputs.optional_make_more == "yes"',
    'inputs.way == "option_b"',
  ]);
});

test('what is known of a terminal that nobody needs is told', async () => {
  const { plan, warnings } = await compile(`# Ops\n\n## Check\n\n${block('docker exec -it pg pg_isready')}`);
  expect(plan.steps).toMatchObject([{ args: { run: 'docker exec -i pg pg_isready' } }]);
  expect(warnings).toContainEqual(expect.stringContaining('rotate.md:5–7: there is no terminal in a run'));
});

test.each([
  ['Docker Installation', 'Kubernetes Installation', true],
  ['Opção A', 'Opção B', true],
  ['Java Installation', 'Nexus Installation', false],
])('%s beside %s: one of them is taken: %s', async (one, other, isChoice) => {
  const { explanation } = await compile(`# Setup\n\n## ${one}\n\n${block('make a')}## ${other}\n\n${block('make b')}`);
  expect(explanation.steps.map(({ rule }) => rule === 'alternatives')).toEqual([isChoice, isChoice]);
});

test('a way that a person goes is a way, too: the other is not taken without being chosen', async () => {
  const { plan } = await compile(
    `# Outage\n\n## Scenario A\n\n${block('make a')}## Scenario B\n\n${block('ssh web')}## Verify\n\n${block('test -f a')}`,
  );
  expect(plan.steps.map(({ kind, if: condition }) => [kind, condition])).toEqual([
    ['tool', 'inputs.way == "scenario_a"'],
    ['system', 'inputs.way == "scenario_b"'],
    ['tool', undefined],
  ]);
});

test('programs in a list of what is to be installed are no ways to install one', async () => {
  const installs = { Java: 'apt install java', Docker: 'apt install docker.io', Kubernetes: 'apt install kubeadm' };
  const sections = Object.entries(installs).map(([name, code]) => `## ${name} Installation\n\n${block(code)}`);
  const { explanation } = await compile(sections.join(''));
  expect(explanation.steps.map(({ rule }) => rule)).toEqual(['procedure', 'procedure', 'procedure']);
  const ways = await compile(sections.join('').replaceAll(/apt install \S+/g, 'make it'));
  expect(ways.explanation.steps.map(({ rule }) => rule)).toEqual(['procedure', 'alternatives', 'alternatives']);
});

test('cases of other words have inputs of their own, however alike they begin', async () => {
  const script =
    'make a\n\n# If the disk is full on the primary node\nmake b\n\n# If the disk is full on the replica node\nmake c\n\n# 如果主库损坏\nmake d\n\n# 如果从库损坏\nmake "$IN_THIS_CASE"';
  const { plan } = await compile(`# Ops\n\n## Mend\n\n${block(script)}`);
  const conditions = plan.steps.flatMap(({ if: condition }) => condition ?? []);
  expect(new Set(conditions).size).toBe(4);
  expect(conditions).not.toContain('inputs.in_this_case == "yes"');
});

test('the check of what a person looked at is made whatever is asked about the part after it', async () => {
  const optional = `If needed:\n\n${block('make warm')}`;
  const { plan } = await compile(
    `# Ops\n\n## Do\n\n1. Replace the disk\n\n${optional}## Verify\n\n${block('test -s a')}`,
  );
  expect(plan.steps).toHaveLength(3);
  expect(plan.steps.at(-1)).toMatchObject({ args: { run: 'test -s a' }, readOnly: true });
  expect(plan.steps.at(-1)?.if).toBeUndefined();
});

test('what a block of several steps prints is expected of none of them', async () => {
  const text = `# Ops\n\n## Migrate\n\n${block('make migrate\n\n# Optional: seed\nmake seed')}Expected output:\n\n${block('migrated', '')}`;
  const { plan } = await compile(text);
  expect(plan.steps.map(({ verifiers }) => verifiers)).toEqual([[], []]);
});

test('what a block leaves in the background ends with its step, and a warning says so', async () => {
  const warned = async (code: string, info?: string) => {
    const { warnings } = await compile(`# Ops\n\n## Steps\n\n${block(code, info)}`);
    return warnings.some((warning) => warning.includes('ends with this step'));
  };
  expect(await warned('./worker.sh > out.log 2>&1 &')).toBe(true);
  expect(await warned('make a &\nmake b &\nwait')).toBe(false);
  expect(await warned('setsid ./worker.sh &')).toBe(false);
  expect(await warned('./worker.sh', 'bash {background}')).toBe(false);
});
