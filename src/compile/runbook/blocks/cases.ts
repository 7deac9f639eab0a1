import type { Choice, Decision } from './decision.js';

/** The cases that a block, or a part of it, is for: each is an input that people answer with yes or no. */
export function casesOf({ rule, choice, parts = [] }: Decision): readonly Choice[] {
  return [
    ...(rule === 'condition' && choice !== undefined ? [choice] : []),
    ...parts.flatMap(({ condition }) => condition ?? []),
  ];
}

/** Gives each case an input of its own, which is that of no other case, placeholder or variable: names are shorter than what is said. */
export function namedApart(decisions: readonly Decision[]): Decision[] {
  const taken = new Set(
    decisions.flatMap(({ facts }) =>
      facts === undefined
        ? []
        : [...facts.placeholders.map(({ name }) => name), ...facts.freeVariables.map((name) => name.toLowerCase())],
    ),
  );
  const names = new Map<string, string>();
  const named = (choice: Choice): Choice => {
    const { input, says } = choice;
    if (says === undefined) return choice;
    const key = `${input}\n${says}`;
    let name = names.get(key) ?? input;
    for (let n = 2; !names.has(key) && taken.has(name); n += 1) name = `${input}_${n}`;
    names.set(key, name);
    taken.add(name);
    return { ...choice, input: name };
  };
  return decisions.map((decision) => withCases(decision, named));
}

function withCases(decision: Decision, named: (choice: Choice) => Choice): Decision {
  if (casesOf(decision).length === 0) return decision;
  const { rule, choice, why, parts } = decision;
  const own = rule === 'condition' && choice !== undefined ? named(choice) : choice;
  const said =
    own === undefined || choice === undefined ? why : why.replace(`"${choice.input}"`, () => `"${own.input}"`);
  const apart = parts?.map((part) =>
    part.condition === undefined ? part : { ...part, condition: named(part.condition) },
  );
  return { ...decision, why: said, choice: own, ...(apart === undefined ? {} : { parts: apart }) };
}
