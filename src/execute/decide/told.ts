import type { JsonValue } from '#ir/json.js';

const MOST_SHOWN = 1000;
/** `{{ inputs.tenant }}`, not `{{{{`, which stands for two braces. */
const EXPRESSION = /(?<!\{)\{\{(?!\{)[^{}]{1,200}\}\}/g;

/** What instructions tell whoever does a step, outside the step itself, before their values are known: `…` stands for each. */
export function toldUnfilled(instructions: JsonValue | undefined, key: string): string {
  return told((typeof instructions === 'string' ? instructions : '').replaceAll(EXPRESSION, '…'), key);
}

/** Why a run waits, with the values of this run in what a person is told: the engine decides without them. */
export function filledIn(what: string, written: JsonValue | undefined, rendered: string, key: string): string {
  const unfilled = toldUnfilled(written, key);
  const filled = told(rendered, key);
  if (!unfilled.includes('…') || !what.endsWith(unfilled) || filled === '') return what;
  return what.slice(0, -unfilled.length) + filled;
}

/** The same of instructions with their values. */
export function told(instructions: string, key: string): string {
  const text = instructions.trim();
  return text.length > MOST_SHOWN
    ? `${text.slice(0, MOST_SHOWN)} … (all of it: \`opsroom show RUN --step ${key}\`)`
    : text;
}
