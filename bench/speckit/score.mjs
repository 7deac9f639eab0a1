// Scores the reader of task lists against labels: node bench/speckit/score.mjs --labels FILE --documents FOLDER
// FOLDER holds NAME.md for each `= NAME` of the labels; see docs/speckit.md. Needs a build: node scripts/build.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readDocument } from './read.mjs';

const { values } = parseArgs({ options: { labels: { type: 'string' }, documents: { type: 'string' } } });
const MEMBERS = ['id', 'phase', 'story', 'parallel', 'dependencies', 'done'];

/** `@PHASE: ID[:][P][.STORY][x][(ID,…)] …` → what is expected of each task. */
function readLabels(text) {
  const documents = new Map();
  let labels = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('= ')) documents.set(line.slice(2).trim(), (labels = []));
    const [, phase, tasks] = /^@(.*?): (.*)$/.exec(line) ?? [];
    for (const token of tasks?.trim().split(/\s+/) ?? []) labels.push(labelOf(token, phase));
  }
  return documents;
}

function labelOf(token, phase) {
  const [head, after = ''] = token.replace(')', '').split('(');
  const id = head.includes(':') ? head.split(':')[0] : /^(?:TASK-\d+|T\d+)/.exec(head)[0];
  const flags = head.slice(id.length);
  const story = /\d/.exec(flags)?.[0];
  const dependencies = after.split(',').filter(Boolean).sort().join(',');
  return { id, phase, story, parallel: flags.includes('P'), done: flags.includes('x'), dependencies };
}

const taskOf = ({ id, phase, stories, parallel, done, dependencies }) => ({
  id,
  phase: phase?.heading ?? '',
  story: stories.join('+').replace('US', '') || undefined,
  parallel,
  done,
  dependencies: dependencies.sort().join(','),
});

const total = { labelled: 0, all: 0 };
for (const [name, labels] of readLabels(readFileSync(values.labels, 'utf8'))) {
  const found = readDocument(readFileSync(join(values.documents, `${name}.md`), 'utf8')).map(taskOf);
  const right = Object.fromEntries(MEMBERS.map((member) => [member, 0]));
  let all = 0;
  for (const label of labels) {
    const task = found.find(({ id }) => id === label.id);
    const fits = (member) =>
      member === 'phase'
        ? task?.phase.startsWith(label.phase) && (label.phase !== '' || task.phase === '')
        : task?.[member] === label[member];
    for (const member of MEMBERS) if (fits(member)) right[member] += 1;
    if (MEMBERS.slice(0, 5).every(fits)) all += 1;
  }
  total.labelled += labels.length;
  total.all += all;
  for (const member of MEMBERS) total[member] = (total[member] ?? 0) + right[member];
  console.log(JSON.stringify({ name, labelled: labels.length, found: found.length, all, ...right }));
}
console.log(JSON.stringify(total));
