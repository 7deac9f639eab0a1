import type { JsonValue } from '#ir/json.js';
import type { DryRunView } from '#operations/plans/dry-run.js';
import { logLine, oneLine } from './format.js';
import type { Output } from './output.js';

/** What a run would do, for people. Nothing was touched. */
export function printDryRun(view: DryRunView, output: Output): void {
  const { colours } = output;
  output.print(`${colours.bold(oneLine(view.title))}  dry run: nothing was touched`);
  output.print(
    colours.dim(`plan ${view.planDigest.slice(0, 12)} · works in ${view.workspace} · inputs ${shown(view.inputs)}`),
  );
  for (const step of view.steps) {
    const condition =
      step.starts === null ? '  (if: known when it runs)' : step.starts ? '' : '  (skipped by its condition)';
    const items = step.items === null ? '' : `  ${step.items} items`;
    output.print(
      `\n${colours.bold(step.id)}  ${[step.tool, step.action].filter(Boolean).join('.')}${items}${condition}`,
    );
    for (const [name, value] of Object.entries(asObject(step.args))) output.print(argument(name, value));
    for (const { id, ok, missing, mend } of step.preconditions) {
      const state =
        ok === null ? colours.yellow('not known yet') : ok ? colours.green('holds') : colours.red('does not hold');
      output.print(
        `  needs ${oneLine(id)}: ${state}${ok === true ? '' : `  ${oneLine(`${sentence(missing)} ${mend}`)}`}`,
      );
    }
    for (const { id, kind, config } of step.verifiers) output.print(`  verified by ${id} (${kind}): ${shown(config)}`);
    for (const { id, tool, args } of step.rollback) output.print(`  undone by ${id} (${tool ?? ''}): ${shown(args)}`);
  }
  output.print(view.ready ? '\nReady to run.' : colours.red('\nNot ready: a precondition does not hold.'));
}

/** What is missing stands before its mend, and was written to stand alone. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** A script keeps its lines: joined by blanks it would be another one. */
export function argument(name: string, value: JsonValue): string {
  if (typeof value !== 'string' || !value.trimEnd().includes('\n')) return `  ${name}: ${shown(value)}`;
  const lines = value.trimEnd().split('\n');
  return [`  ${name}:`, ...lines.map((line) => `    ${logLine(line)}`)].join('\n');
}

const asObject = (value: JsonValue): Record<string, JsonValue> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};

const shown = (value: JsonValue): string => oneLine(typeof value === 'string' ? value : JSON.stringify(value));
