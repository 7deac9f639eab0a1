import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import { shortId } from '#operations/runs/reference.js';
import { type ReplayView, replay } from '#operations/runs/replay.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { presentFailure } from '../failure.js';
import { oneLine, time } from '../format.js';
import type { Output } from '../output.js';
import { withExistingRoom } from '../session.js';

export const command: CommandModule = {
  register(command) {
    command.argument('<run>', RUN_ARGUMENT);
  },
  examples: ['replay last', 'replay 3f9c21ab --json'],
  run: ({ args: [run = ''], output }) =>
    withExistingRoom(async ({ room }) => {
      const view = await invoke(replay, { run }, room);
      print(view, output);
      if (view.same) {
        output.result(view);
        return 0;
      }
      const failure = differs(view);
      if (!output.json) return presentFailure(failure, output);
      output.result({ ...view, error: failure.toJSON() });
      return 1;
    }),
};

function print({ title, runId, decisions, counts, people, same }: ReplayView, output: Output): void {
  output.print(`${oneLine(title)} (${shortId(runId)})`);
  const words = counts.map(({ about, count }) => `${about} ${count}`).join(', ');
  const { green, red } = output.colours;
  const held = `${decisions} ${decisions === 1 ? 'decision follows' : 'decisions follow'} from the records`;
  output.print(same ? `${green('✓')} ${held}, no difference: ${words}` : `${red('✗')} ${held}; then they part.`);
  if (people.length > 0) output.print('Not decided by rule, a person said so:');
  for (const { at, by, what, reason } of people)
    output.print(`  ${time(at)}  ${oneLine(`${what}, ${by}${reason === '' ? '' : `: ${reason}`}`)}`);
}

function differs({ difference, runId }: ReplayView): OpsroomError {
  const { step = null, item, attempt, recorded, decided, why } = difference ?? {};
  const unit = step === null ? 'The run' : `Step ${step}${item === null ? '' : `#${item}`}`;
  const which = attempt === null || attempt === undefined ? '' : `, attempt ${attempt}`;
  return new OpsroomError('REPLAY_DIFFERS', {
    what: `${unit}${which}: recorded is ${recorded}; decided now: ${decided}. ${why}`,
    where: `run ${runId}`,
  });
}
