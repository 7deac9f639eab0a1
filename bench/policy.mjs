// What a decision costs: the shipped policies and 84 more, so that there are 100. Needs a build, no database and no peers.
// node policy.mjs [--rounds 5000] prints the figures and writes results/policy.json. The machine must be otherwise idle.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openPolicies } from '../dist/authorise/policy/policies.js';
import { quantile } from './lib/numbers.mjs';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '5000' } } });
const POLICIES = 100;
const shipped = fileURLToPath(new URL('../policies', import.meta.url));

/** Rules as rooms have them: a freeze of an app, a tool for some only, a second pair of eyes somewhere. */
const rule = (n) =>
  [
    `@id("freeze-${n}") @reason("App ${n} is frozen.") forbid (principal, action == Action::"run", resource) when { resource.app == "app-${n}" && resource.environment == "staging-${n}" };`,
    `@id("agents-off-${n}") @reason("Agents stay off app ${n}.") forbid (principal is Agent, action in [Action::"run", Action::"heal"], resource) when { resource.app == "app-${n}" && resource.tools.contains("tool-${n}") };`,
    `@id("eyes-${n}") @reason("App ${n} waits for an owner.") @approvers("owner") forbid (principal, action == Action::"run", resource) when { resource.app == "app-${n}" } unless { context.approved };`,
    `@id("tool-${n}") @reason("Tool ${n} is not for production.") forbid (principal, action == Action::"use_tool", resource == Tool::"tool-${n}") when { context.request.environment == "production" };`,
  ][n % 4];

async function folder() {
  const made = await mkdtemp(join(tmpdir(), 'opsroom-bench-policies-'));
  let count = 0;
  for (const name of (await readdir(shipped)).filter((name) => name.endsWith('.cedar'))) {
    const text = await readFile(join(shipped, name), 'utf8');
    count += text.match(/^@id\(/gm)?.length ?? 0;
    await writeFile(join(made, name), text);
  }
  const more = Array.from({ length: POLICIES - count }, (_, n) => rule(n));
  await writeFile(join(made, 'more.cedar'), more.join('\n'));
  return made;
}

const nobody = { kind: 'person', by: 'person:ada@ops.example', role: 'operator', agent: null, person: 'ada' };
const gpt = { kind: 'agent', by: 'key:gpt', role: null, agent: 'gpt', person: null };
const request = {
  environment: 'staging',
  app: 'shop',
  branch: 'feature/x',
  kind: 'deploy',
  title: 'Deploy the shop',
  planDigest: 'a'.repeat(64),
  lane: 'B',
  readOnly: false,
  isolated: true,
  tools: [],
  secrets: [],
  allowAddresses: [],
  proposer: null,
};
const named = { ...request, tools: ['shell'], secrets: ['DEPLOY_HOOK'] };
const many = { ...request, tools: ['shell', 'http', 'sql'], secrets: ['DEPLOY_HOOK', 'DATABASE_URL'] };
const CASES = {
  'a person approves': {
    principal: { ...nobody, role: 'approver' },
    action: 'approve',
    request: { ...request, proposer: gpt },
  },
  'a person runs a plan': { principal: nobody, action: 'run', request },
  'the same, with a tool and a secret': { principal: nobody, action: 'run', request: named },
  'the same, with three tools, told apart, and two secrets': { principal: nobody, action: 'run', request: many },
  'an agent runs a plan, and it waits': { principal: gpt, action: 'run', request },
  'an agent is refused': { principal: gpt, action: 'run', request: { ...request, branch: 'main' } },
};

const open = (named) =>
  openPolicies({
    home: '/nowhere/.opsroom',
    named,
    shipped,
    approvers: ['owner', 'approver'],
    formProblem: () => undefined,
  });

const made = await folder();
const before = process.memoryUsage().rss;
const began = performance.now();
const policies = open(made);
const first = await policies.decide(CASES['a person runs a plan']);
const firstMs = performance.now() - began;
if (first.effect !== 'allow') throw new Error(JSON.stringify(first));
const result = { policies: (await policies.describe()).policies.length, firstMs, memoryMb: 0, cases: {} };
for (const [name, question] of Object.entries(CASES)) {
  for (let n = 0; n < 500; n++) await policies.decide(question);
  const times = [];
  for (let n = 0; n < Number(options.rounds); n++) {
    const start = performance.now();
    await policies.decide(question);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => Number(quantile(times, q).toFixed(3)));
  result.cases[name] = { p50, p95, p99 };
  console.log(`${name}: p50 ${p50}, p95 ${p95}, p99 ${p99} ms`);
}
result.memoryMb = Math.round((process.memoryUsage().rss - before) / 1e6);
console.log(`the first decision: ${firstMs.toFixed(0)} ms; memory ${result.memoryMb} MB`);
await writeFile(new URL('./results/policy.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
await rm(made, { recursive: true });
