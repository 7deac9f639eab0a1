import { tasksText } from '#compile/runbook/assemble/separate-tasks.js';
import { anchorsText } from '#compile/runbook/markdown/anchors.js';
import type { LockCheck } from '#compile/runbook/review/review.js';
import { OpsroomError } from '#kit/errors.js';
import type { AnyCompiled } from './compiled.js';
import type { PlanGiven } from './input.js';

/**
 * Why a plan must not run before somebody has seen it. Any plan may that was written as one; of a runbook, a section that is
 * named and holds less than all of it, a file whose front matter says `run: true`, or one that was reviewed as it stands and is no
 * handbook of separate tasks. A task list never does.
 */
export function unseenProblem(compiled: AnyCompiled, given: PlanGiven): OpsroomError | undefined {
  if ('bundle' in compiled) return new OpsroomError('SPECKIT_UNSEEN', { where: compiled.bundle.tasks.path });
  if (!('explanation' in compiled) || !('text' in given)) return undefined;
  const { settings, review, anchors, whole, tasks } = compiled;
  if (!whole || settings.run === true) return undefined;
  const { file } = given;
  if (tasks.length > 0) return separateProblem(tasks, file);
  if (review?.complete === true) return undefined;
  const [anchor] = anchors;
  const others = anchors.length > 1 ? ` ${anchorsText(anchors)}` : '';
  const ways = [
    `Review it with \`opsroom review ${file}\``,
    ...(settings.run === undefined ? ['say `opsroom: { run: true }` in its front matter'] : []),
    ...(anchor === undefined
      ? []
      : [`run one section: \`opsroom run ${file}#${anchor}\`; over HTTP and MCP name it in \`section\``]),
  ];
  return new OpsroomError('RUNBOOK_UNREVIEWED', {
    what:
      review === undefined
        ? 'Nobody has reviewed the whole runbook.'
        : `The runbook has changed since it was reviewed: ${changesText(review, file)}.`,
    where: file,
    mend: `${either(ways)}.${others}`,
  });
}

const either = (ways: readonly string[]): string =>
  [...ways.slice(0, -1), ways.length > 1 ? `or ${ways.at(-1)}` : ways[0]].join(', ');

/** To have reviewed each of them is not to want them all. */
function separateProblem(tasks: readonly string[], file: string): OpsroomError {
  return new OpsroomError('RUNBOOK_UNREVIEWED', {
    what: `${tasksText(tasks)}.`,
    where: file,
    mend: `Run the one that is meant: \`opsroom run ${file}#${tasks[0] ?? ''}\`. To run them all, one after the other, say \`opsroom: { run: true }\` in the front matter.`,
  });
}

/** Most blocks that are named; of the others their number. */
const NAMED = 5;

/** What is not as it was reviewed: `ops.md:12 is changed (run), ops.md:20 is new (verify) and 3 more`. */
export function changesText({ blocks }: LockCheck, file: string): string {
  const changed = blocks.filter(({ state }) => state !== 'unchanged');
  if (changed.length === 0) return 'a block that was reviewed is gone, or the order or the front matter is another';
  const shown = changed.slice(0, NAMED).map(({ decision, state, entry }) => {
    const before = entry === undefined || entry.decided === decision.label ? '' : `, was ${entry.decided}`;
    return `${file}:${decision.block.lines.from} is ${state} (${decision.label}${before})`;
  });
  const more = changed.length > NAMED ? ` and ${changed.length - NAMED} more` : '';
  return `${shown.join(', ')}${more}`;
}
