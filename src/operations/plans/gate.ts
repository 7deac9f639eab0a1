import type { Compiled } from '#compile/compile.js';
import type { CompiledRunbook } from '#compile/runbook/runbook.js';
import { OpsroomError } from '#kit/errors.js';
import type { PlanGiven } from './input.js';

/**
 * Why a plan must not run before somebody has seen it. Any plan may that was written as one; of a runbook, a section that is
 * named, a file whose front matter says `run: true`, or one that was reviewed as it stands.
 */
export function unseenProblem(compiled: Compiled | CompiledRunbook, given: PlanGiven): OpsroomError | undefined {
  if (!('explanation' in compiled) || !('text' in given)) return undefined;
  const { settings, review } = compiled;
  if (given.section !== undefined || settings.run === true || review?.complete === true) return undefined;
  const { file } = given;
  return new OpsroomError('RUNBOOK_UNREVIEWED', {
    what:
      review === undefined
        ? 'Nobody has reviewed the whole runbook.'
        : 'The runbook has changed since it was reviewed.',
    where: file,
    mend: `Review it with \`opsroom review ${file}\`, or run one section: \`opsroom run ${file}#section\`.`,
  });
}
