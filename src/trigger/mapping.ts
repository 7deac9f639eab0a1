import { type EventScope, evaluateOverEvent, eventExpressionProblem } from '#ir/event-expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';

/** What a webhook makes of an event. */
export interface Mapping {
  /** Name of an input → an expression over the event. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly filter: string | null;
}

/** @throws OpsroomError PLAN_EXPRESSION that names the first expression that is wrong */
export function requireMapping({ inputs, filter }: Mapping): void {
  const all = [...(filter === null ? [] : [['filter', filter] as const]), ...entriesOf(inputs)];
  for (const [where, source] of all) {
    const problem = eventExpressionProblem(source);
    if (problem !== undefined) throw new OpsroomError('PLAN_EXPRESSION', { what: `${problem}.`, where });
  }
}

const entriesOf = (inputs: Mapping['inputs']): (readonly [string, string])[] =>
  Object.entries(inputs).map(([name, source]) => [`inputs.${name}`, source] as const);

/** The inputs that an event becomes, or why it starts nothing. */
export type Mapped = { readonly inputs: JsonObject } | { readonly filtered: string };

/**
 * Applies the filter, then the mapping. An event that the filter cannot be applied to, because it has not what the filter asks
 * about, is filtered: a hook gets events of many kinds.
 *
 * @throws OpsroomError PLAN_EXPRESSION when an input cannot be made of the event
 */
export function mapEvent({ inputs, filter }: Mapping, scope: EventScope): Mapped {
  const filtered = filter === null ? undefined : whyFiltered(filter, scope);
  if (filtered !== undefined) return { filtered };
  const made = Object.entries(inputs).map(([name, source]): [string, JsonValue] => [
    name,
    evaluateOverEvent(source, scope, `inputs.${name}`),
  ]);
  return { inputs: Object.fromEntries(made) };
}

function whyFiltered(filter: string, scope: EventScope): string | undefined {
  try {
    const verdict = evaluateOverEvent(filter, scope, 'filter');
    if (verdict === true) return undefined;
    return verdict === false ? 'The filter says no.' : 'The filter says neither yes nor no.';
  } catch (error) {
    if (!(error instanceof OpsroomError)) throw error;
    return `The filter does not fit the event: ${error.message}`;
  }
}
