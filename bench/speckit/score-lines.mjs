// Scores the reader of task lists against labels by line: node bench/speckit/score-lines.mjs --labels FILE --documents FOLDER [--misses]
// FOLDER holds NAME.md, the text at the commit that the labels name, for each document; see docs/speckit.md.
// Needs a build: node scripts/build.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readDocument } from './read.mjs';

const { values } = parseArgs({
  options: { labels: { type: 'string' }, documents: { type: 'string' }, misses: { type: 'boolean' } },
});
const MEMBERS = ['id', 'phase', 'story', 'parallel', 'dependencies', 'done'];

const plain = (heading) => heading.replace(/^#+\s*/, '').trim();

const taskOf = ({ lines, id, phase, stories, parallel, done, dependencies }) => ({
  line: lines.from,
  id: id ?? null,
  phase: plain(phase?.heading ?? ''),
  stories,
  parallel,
  done,
  dependencies,
});

function storyFits({ stories }, label) {
  if (label.stories) return stories.join() === label.stories.join();
  return stories.length === 0 || stories.join() === label.storyOfPhase;
}

/** @param either pairs `T010 T009` that may be read as a dependency or not */
function dependenciesFit({ dependencies }, { id, dependsOn = [] }, either) {
  const [wanted, got] = [new Set(dependsOn), new Set(dependencies)];
  const differs = [...wanted, ...got].filter((one) => wanted.has(one) !== got.has(one));
  return differs.every((one) => either.has(`${id} ${one}`));
}

function fitsOf(task, label, either) {
  if (!task) return Object.fromEntries(MEMBERS.map((member) => [member, false]));
  return {
    id: task.id === label.id,
    phase: task.phase === plain(label.phase),
    story: storyFits(task, label),
    parallel: task.parallel === (label.parallel ?? false),
    dependencies: dependenciesFit(task, label, either),
    done: task.done === (label.done ?? false),
  };
}

const total = { labelled: 0, found: 0, all: 0 };
for (const { name, either, tasks: labels } of JSON.parse(readFileSync(values.labels, 'utf8'))) {
  const tasks = readDocument(readFileSync(join(values.documents, `${name}.md`), 'utf8')).map(taskOf);
  const neutral = new Set(either);
  const score = { name, labelled: labels.length, found: tasks.length, all: 0 };
  for (const label of labels) {
    const task = tasks.find(({ line }) => line === label.line);
    const fits = fitsOf(task, label, neutral);
    for (const member of MEMBERS) score[member] = (score[member] ?? 0) + Number(fits[member]);
    const whole = MEMBERS.every((member) => member === 'done' || fits[member]);
    score.all += Number(whole);
    if (!whole && values.misses) console.log(JSON.stringify({ name, label, task }));
  }
  for (const [member, count] of Object.entries(score))
    if (member !== 'name') total[member] = (total[member] ?? 0) + count;
  console.log(JSON.stringify(score));
}
console.log(JSON.stringify(total));
