import { dangerOf } from '../blocks/dangers.js';
import type { Decision, Part } from '../blocks/decision.js';
import { isChangingWork } from '../blocks/work.js';
import type { Block, Lines } from '../markdown/document.js';
import { attribute } from '../markdown/outline.js';

/** `if=` of the block or its heading, the alternative that it is, and the case that it is for. */
export function conditionOf(decision: Decision): string | undefined {
  const written = attribute(decision, 'if');
  const chosen = [decision.part?.within, decision.choice].flatMap((choice) =>
    choice === undefined ? [] : [`inputs.${choice.input} == ${JSON.stringify(choice.value)}`],
  );
  if (written === undefined) return chosen.length === 0 ? undefined : chosen.join(' && ');
  return chosen.length === 0 ? written : [`(${written})`, ...chosen].join(' && ');
}

/** One decision per step that the block becomes: per way that it shows, or per part of it. */
export function waysOf(decision: Decision): Decision[] {
  const { ways, choice, parts } = decision;
  if (ways !== undefined && choice !== undefined)
    return ways.map(({ value, script, facts }) => ({ ...decision, script, facts, choice: { ...choice, value } }));
  if (parts === undefined) return [decision];
  // The others go on where the part before them ended.
  const { anew: _, ...further } = decision;
  return parts.map((part, at) => ofPart(at === 0 ? decision : further, part));
}

function ofPart(decision: Decision, { script, facts, lines, title, condition, background, hand }: Part): Decision {
  const { parts: _, choice: within, ask, gate, ...all } = decision;
  // What only goes somewhere or sets something is needed below, whatever is answered.
  const whole = gate !== undefined && isChangingWork(facts) ? { ...all, gate } : all;
  const block = placed(decision, lines);
  const part = { ...whole, block, script, facts, background, ask: ask === undefined ? undefined : dangerOf(facts) };
  const named =
    condition === undefined
      ? { ...part, choice: within, part: { title } }
      : { ...part, choice: condition, rule: 'condition', part: { title, ...(within === undefined ? {} : { within }) } };
  return hand === undefined ? named : { ...named, label: 'manual', why: hand, ask: undefined };
}

/** The block with the lines of a part of it, where its script is what stands in the file. */
function placed({ block, script }: Decision, { from, to }: Lines): Block {
  if (block.kind !== 'code' || block.text.split('\n').length !== script.split('\n').length) return block;
  const start = block.lines.from + (block.fenced ? 1 : 0);
  return { ...block, lines: { from: start + from, to: start + to } };
}
