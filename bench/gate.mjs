// What the gate adds to the start of a run: the facts of a compiled plan, and what 100 policies say to them. Needs a build.
// node gate.mjs [--rounds 2000] prints the figures and writes results/gate.json. The machine must be otherwise idle.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openPolicies } from '../dist/authorise/policy/policies.js';
import { compilePlan } from '../dist/compile/compile.js';
import { decideRun } from '../dist/operations/authority/gate.js';
import { builtIn } from '../dist/operations/contracts.js';
import { quantile } from './lib/numbers.mjs';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '2000' } } });
const shipped = fileURLToPath(new URL('../policies', import.meta.url));
const policies = openPolicies({
  home: '/nowhere/.opsroom',
  named: shipped,
  shipped,
  approvers: ['owner', 'approver'],
  formProblem: () => undefined,
});
const contracts = builtIn();
const person = { kind: 'person', by: 'person:ada@ops.example', role: 'operator', agent: null, person: 'ada' };

/** Steps as plans have them: a value from the inputs, a secret, a check, a way back. */
function requested(count) {
  const steps = Array.from({ length: count }, (_, n) => ({
    id: `step-${n}`,
    tool: n % 2 ? 'shell' : 'http',
    ...(n > 0 ? { dependsOn: [`step-${n - 1}`] } : {}),
    args:
      n % 2
        ? { run: 'make release', env: { REF: '{{ inputs.ref }}' } }
        : { url: '{{ secrets.HOOK }}', body: { ref: '{{ inputs.ref }}' } },
    verifiers: [
      { id: 'up', kind: 'http', config: { url: 'https://shop.example/{{ inputs.ref }}', expectedStatus: 200 } },
    ],
    rollback: [{ id: 'back', tool: 'shell', args: { run: 'make back' } }],
  }));
  const value = {
    apiVersion: 'opsroom/v1',
    title: 'Deploy',
    inputs: { ref: 'v1' },
    target: { environment: 'staging' },
    steps,
  };
  const { plan, digest, needs } = compilePlan({ value }, contracts.contracts);
  return {
    plan,
    planDigest: digest,
    inputs: plan.inputs,
    title: plan.title,
    target: plan.target,
    queue: {},
    secrets: needs.secrets,
  };
}

const result = {};
for (const count of [3, 20, 200, 2000]) {
  const one = requested(count);
  const times = [];
  const rounds = Math.max(50, Math.round(Number(options.rounds) / Math.max(1, count / 20)));
  for (let n = 0; n < rounds + 50; n++) {
    const start = performance.now();
    const { effect } = await decideRun({ policies, contracts }, one, person);
    if (effect !== 'allow') throw new Error(effect);
    if (n >= 50) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => Number(quantile(times, q).toFixed(3)));
  result[count] = { p50, p95, p99 };
  console.log(`a plan of ${count} steps: p50 ${p50}, p95 ${p95}, p99 ${p99} ms`);
}
await writeFile(new URL('./results/gate.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
