import type { Compiled } from '#compile/compile.js';
import type { CompiledRunbook } from '#compile/runbook/runbook.js';
import { OpsroomError } from '#kit/errors.js';
import type { PlanGiven } from './input.js';

/**
 * Whether a plan may run without anybody having seen it: any plan may that was written as one; of a runbook, a section that is
 * named, a file whose front matter says `run: true`, or one that was reviewed as it stands.
 */
export function mayRunUnseen(compiled: Compiled | CompiledRunbook, given: PlanGiven): boolean {
  if (!('explanation' in compiled)) return true;
  const named = 'section' in given && given.section !== undefined;
  return named || compiled.settings.run === true || compiled.review?.complete === true;
}

/** @throws OpsroomError RUNBOOK_UNREVIEWED that names the ways out */
export function refuseUnseen(compiled: Compiled | CompiledRunbook, given: PlanGiven): void {
  if (mayRunUnseen(compiled, given)) return;
  const file = 'file' in given ? given.file : 'FILE';
  const changed = 'review' in compiled && compiled.review !== undefined;
  throw new OpsroomError('RUNBOOK_UNREVIEWED', {
    what: changed ? 'The runbook has changed since it was reviewed.' : 'Nobody has reviewed the whole runbook.',
    where: file,
    mend: `Review it with \`opsroom review ${file}\`, or run one section: \`opsroom run ${file}#section\`.`,
  });
}
