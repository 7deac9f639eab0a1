import { Argument } from 'commander';
import { invoke } from '#operations/invoke.js';
import { listModelCalls } from '#operations/models/calls.js';
import type { CommandModule } from '../command.js';
import { oneLine, table, time } from '../format.js';
import { costText, oneCost } from '../model-text.js';
import { withExistingRoom } from '../session.js';

/** `opsroom models calls`: JSON is what the operation answers. */
export const command: CommandModule = {
  register(command) {
    command.addArgument(new Argument('[what]', 'what to do').choices(['calls']).default('calls'));
  },
  examples: ['models', 'models calls --json'],
  run: ({ output }) =>
    withExistingRoom(async ({ room }) => {
      const found = await invoke(listModelCalls, {}, room);
      const { configured, why } = found;
      output.print(why ?? `The model is ${configured?.provider}:${configured?.model}.`);
      const head = ['at', 'model', 'prompt', 'in', 'out', 'cost', 'ms', 'outcome', 'by'].map((cell) =>
        output.colours.dim(cell),
      );
      const rows = found.calls.map((call) => [
        time(call.at),
        oneLine(call.model),
        `${call.prompt} ${call.promptVersion} ${call.promptDigest.slice(0, 8)}`,
        tokensText(call.inputTokens, call),
        tokensText(call.outputTokens, call),
        oneCost(call),
        String(call.ms),
        call.outcome,
        oneLine(call.by),
      ]);
      if (rows.length > 0) output.print(`${table([head, ...rows])}\n${costText(found.spent)}`);
      output.result(found);
      return 0;
    }),
};

function tokensText(tokens: number | null, { lost, outcome }: { lost: boolean; outcome: string }): string {
  if (tokens === null) return outcome === 'failed' ? '–' : '?';
  return `${lost ? '≤ ' : ''}${tokens}`;
}
