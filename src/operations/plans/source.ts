import { basename } from 'node:path';
import type { Compiled } from '#compile/compile.js';
import type { CompiledRunbook } from '#compile/runbook/runbook.js';
import type { CompiledSpecKit } from '#compile/speckit/speckit.js';
import type { AnyCompiled } from './compiled.js';
import type { PlanGiven } from './input.js';
import type { PlanSource, SourcePlace } from './source-store.js';

/** More is not kept: a person does not look it up in a page. */
const MOST_BYTES = 1024 * 1024;

/** What is kept of the text that a plan came from; undefined for a plan that came as a value, and for a very long text. */
export function sourceOf(compiled: AnyCompiled, given: PlanGiven): PlanSource | undefined {
  if ('bundle' in compiled) return listSource(compiled);
  if (!('text' in given) || given.text.includes('\0') || Buffer.byteLength(given.text) > MOST_BYTES) return undefined;
  const places = 'explanation' in compiled ? blockPlaces(compiled) : stepPlaces(compiled, given.text);
  return { file: basename(given.file), text: given.text, places };
}

/** Of a bundle the task list is kept: each of its steps but the acceptance of stories stands there. */
function listSource({ bundle, explanation }: CompiledSpecKit): PlanSource | undefined {
  const { path, text } = bundle.tasks;
  if (Buffer.byteLength(text) > MOST_BYTES) return undefined;
  const places = explanation.steps.flatMap(({ id, label, lines, file }): SourcePlace[] =>
    file === undefined ? [{ step: id, from: lines.from, to: lines.to, label }] : [],
  );
  return { file: basename(path), text, places };
}

function blockPlaces({ explanation, plan, source }: CompiledRunbook): SourcePlace[] {
  const blocks = explanation.steps.map(({ id, label, lines }) => ({ step: id, from: lines.from, to: lines.to, label }));
  const known = new Set(blocks.map(({ step }) => step));
  const byLine = new Map(blocks.toReversed().map((block) => [block.from, block]));
  // One block may become several steps, of which the explanation names the last.
  const others = plan.steps.flatMap(({ id }): SourcePlace[] => {
    const line = known.has(id) ? undefined : source.get(id)?.line;
    const block = line === undefined ? undefined : byLine.get(line);
    return block === undefined ? [] : [{ ...block, step: id }];
  });
  return [...blocks, ...others];
}

/** A step reaches to the next one, or as far as its lines are indented. */
function stepPlaces({ plan, source }: Pick<Compiled, 'plan' | 'source'>, text: string): SourcePlace[] {
  const lines = text.split('\n');
  const starts = plan.steps.flatMap(({ id }) => {
    const place = source.get(id);
    return place === undefined ? [] : [{ step: id, ...place }];
  });
  const first = new Set(starts.map(({ line }) => line));
  return starts.map(({ step, line, column }) => {
    let to = line;
    for (let next = line + 1; next <= lines.length && !first.has(next); next++) {
      const content = lines[next - 1] ?? '';
      if (content.trim() === '') continue;
      if (content.search(/\S/) < column - 1) break;
      to = next;
    }
    return { step, from: line, to, label: null };
  });
}
