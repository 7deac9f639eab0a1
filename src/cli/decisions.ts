import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { runDecisions } from '#operations/runs/decisions.js';
import { oneLine, table, time } from './format.js';
import type { Output } from './output.js';
import { required } from './trigger-plan.js';

/** `opsroom runs decisions RUN`. JSON: `{ decisions }`; with `--jsonl` one a line. */
export async function showDecisions(
  room: Room,
  run: string | undefined,
  { jsonl, output }: { readonly jsonl: boolean; readonly output: Output },
): Promise<number> {
  const which = required(run, 'The run', 'Name it: opsroom runs decisions RUN');
  const decisions = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: Awaited<ReturnType<typeof runDecisions.run>> = await invoke(runDecisions, { run: which, after }, room);
    if (jsonl) for (const one of page.decisions) process.stdout.write(`${JSON.stringify(one)}\n`);
    else decisions.push(...page.decisions);
    after = page.next;
  }
  if (jsonl) return 0;
  const head = ['step', 'call', 'decision', 'because', 'when'].map((cell) => output.colours.dim(cell));
  const rows = decisions.map(({ step, call, decision, permittedBy, refusal, at }) => [
    step,
    call,
    decision,
    oneLine(refusal ?? permittedBy.map(({ of, entry }) => `${of}: ${entry}`).join(', ')),
    time(at),
  ]);
  output.print(rows.length === 0 ? 'Nothing was called.' : table([head, ...rows]));
  output.result({ decisions });
  return 0;
}
