// How long a task list of 300 tasks takes to compile: node bench/speckit/speed.mjs [--tasks 300] [--rounds 20]
// Needs a build: node scripts/build.mjs. Told in docs/speckit.md; nothing here is asserted.
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { tasks: { type: 'string' }, rounds: { type: 'string' } } });
const { compileSpecKit } = await import('../../dist/compile/speckit/speckit.js');
const { builtIn } = await import('../../dist/operations/contracts.js');
const [tasks, rounds] = [Number(values.tasks ?? 300), Number(values.rounds ?? 20)];

const idOf = (index) => `T${String(index + 1).padStart(3, '0')}`;
const phases = Array.from({ length: Math.ceil(tasks / 20) }, (_, phase) => {
  const lines = Array.from({ length: Math.min(20, tasks - phase * 20) }, (_, n) => {
    const index = phase * 20 + n;
    const after = n % 5 === 4 ? ` (depends on ${idOf(index - 1)}, ${idOf(index - 2)})` : '';
    return `- [ ] ${idOf(index)}${n % 3 === 0 ? ' [P]' : ''} [US${phase + 1}] Create the part ${n} in src/story${phase}/part${n}.ts${after}`;
  });
  return `## Phase ${phase + 1}: User Story ${phase + 1} - Part\n\n${lines.join('\n')}\n\n**Checkpoint**: it works\n`;
});
const stories = phases.map(
  (_, n) => `### User Story ${n + 1} - Part\n\n1. **Given** a part, **When** it is used, **Then** it works\n`,
);
const files = [
  { path: 'specs/001-x/tasks.md', text: `# Tasks: X\n\n${phases.join('\n')}` },
  { path: 'specs/001-x/spec.md', text: `# Feature Specification: X\n\n${stories.join('\n')}` },
];
const { contracts } = builtIn();
const times = Array.from({ length: rounds }, () => {
  const start = performance.now();
  compileSpecKit({ files }, contracts);
  return performance.now() - start;
});
const sorted = times.toSorted((a, b) => a - b);
console.log(
  JSON.stringify({
    tasks,
    rounds,
    first: times[0],
    median: sorted[sorted.length >> 1],
    least: sorted[0],
    most: sorted.at(-1),
  }),
);
