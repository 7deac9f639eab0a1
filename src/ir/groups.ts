import type { JsonValue } from './json.js';

/** What a step is to those who look at a plan: where it belongs, and whether a person looks there at what was done. */
export interface StepGroup {
  /** Title of its phase. */
  readonly phase?: string;
  /** Ids of its stories: `US1`. */
  readonly stories: readonly string[];
  readonly mark?: 'checkpoint' | 'acceptance';
}

/**
 * How the metadata of a plan groups its steps: `phases` (`[{title, steps}]`), `stories` (`[{id, steps}]`), `checkpoints` and
 * `acceptance` (ids of steps). Metadata may be anything: what has another form says nothing.
 */
export function groupsOf(metadata: Readonly<Record<string, unknown>>): ReadonlyMap<string, StepGroup> {
  const groups = new Map<string, StepGroup>();
  const add = (step: string, more: Partial<StepGroup>) =>
    groups.set(step, { ...(groups.get(step) ?? { stories: [] }), ...more });
  for (const { name, steps } of listed(metadata['phases'], 'title'))
    for (const step of steps) add(step, { phase: name });
  for (const { name, steps } of listed(metadata['stories'], 'id'))
    for (const step of steps) add(step, { stories: [...(groups.get(step)?.stories ?? []), name] });
  for (const mark of ['checkpoint', 'acceptance'] as const)
    for (const step of texts(metadata[mark === 'checkpoint' ? 'checkpoints' : mark])) add(step, { mark });
  return groups;
}

/** The same groups as the metadata of a plan has them; of the steps in their order. */
export function metadataOf(groups: ReadonlyMap<string, StepGroup>): Record<string, JsonValue> {
  const marked = (mark: StepGroup['mark']) =>
    [...groups].flatMap(([step, group]) => (group.mark === mark ? [step] : []));
  const phases = gathered(groups, ({ phase }) => (phase === undefined ? [] : [phase]));
  const stories = gathered(groups, (group) => group.stories);
  const [checkpoints, acceptance] = [marked('checkpoint'), marked('acceptance')];
  return {
    ...(phases.size === 0 ? {} : { phases: [...phases].map(([title, steps]) => ({ title, steps })) }),
    ...(stories.size === 0 ? {} : { stories: [...stories].map(([id, steps]) => ({ id, steps })) }),
    ...(checkpoints.length === 0 ? {} : { checkpoints }),
    ...(acceptance.length === 0 ? {} : { acceptance }),
  };
}

function gathered(
  groups: ReadonlyMap<string, StepGroup>,
  namesOf: (group: StepGroup) => readonly string[],
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [step, group] of groups)
    for (const name of namesOf(group)) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [step]);
      else known.push(step);
    }
  return found;
}

function listed(value: unknown, key: 'title' | 'id'): { name: string; steps: string[] }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { [key]: name, steps } = one as Readonly<Record<string, unknown>>;
    return typeof name === 'string' && name !== '' ? [{ name, steps: texts(steps) }] : [];
  });
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
