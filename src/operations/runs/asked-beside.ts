import { type Parked, unitKey } from '#execute/records.js';
import type { AskingStep } from './asking-store.js';

/** What a run at work asks of a person: in short what it will say once nothing else goes on. */
export function askedBeside({ step, item, status, question, guards }: AskingStep): Parked {
  const unit = unitKey(step, item);
  const at = { step, item };
  if (status === 'unknown') {
    const mend = `Look, then say: \`opsroom resolve RUN ${unit} --as done|failed|skip|retry --reason TEXT\`.`;
    return { code: 'UNKNOWN', what: `Nobody knows how far step ${unit} came.`, mend, ...at };
  }
  if (question !== null)
    return {
      code: 'INPUT',
      what: `Step ${unit} asks: ${question}`,
      mend: `Answer it: \`opsroom answer RUN ${unit}\`; or \`--decline\`.`,
      ...at,
    };
  const confirm = `\`opsroom confirm RUN ${unit} --reason TEXT\``;
  if (!guards)
    return { code: 'MANUAL', what: `Step ${unit} is done by a person.`, mend: `When it is done: ${confirm}.`, ...at };
  const mend = `Yes: ${confirm}. No, leave it out: \`opsroom resolve RUN ${unit} --as skip --reason TEXT\`.`;
  return { code: 'MANUAL', what: `Step ${unit} asks whether others may be done.`, mend, ...at };
}
