import type { ShellFacts } from '../../shell/facts.js';
import { alternativeScripts } from '../blocks/alternatives-inside.js';
import { casesOf, namedApart } from '../blocks/cases.js';
import { type Choice, type Decision, isDeed, type Way } from '../blocks/decision.js';
import type { Machine } from '../blocks/machine.js';
import type { Section } from '../markdown/document.js';
import { saysOtherwise } from '../words/intro.js';
import { preset } from './choice-preset.js';
import { oppositeGroups } from './opposite-headings.js';
import { variantsOf } from './variants.js';
import { type Group, groupOf, wayName } from './way-groups.js';
import { commentOf, namesOfWays } from './way-names.js';
import { headingGroups } from './ways-of-headings.js';
import { introGroups } from './ways-of-intros.js';
import { itemGroups } from './ways-of-items.js';
import { neighbourGroups, otherCases } from './ways-of-neighbours.js';

/** An input that chooses between alternatives. */
export interface ChoiceInput {
  readonly input: string;
  readonly values: readonly string[];
  /** What the machine has; undefined: people are asked. */
  readonly preset: string | undefined;
  /** Of a question of yes or no: the case, in the words of the document. */
  readonly says?: string | undefined;
}

export interface Offered {
  readonly decisions: readonly Decision[];
  readonly choices: readonly ChoiceInput[];
}

/** Makes blocks that do the same in different ways into a choice: of several, one runs. */
export function offerChoices(
  read: readonly Decision[],
  machine: Machine | undefined,
  facts: (script: string) => ShellFacts,
): Offered {
  const decisions = namedApart(read);
  const chosen = new Map<Decision, Choice>();
  const split = new Map<Decision, readonly Way[]>();
  /** Input → value → the program that this way needs first. */
  const inputs = new Map<string, Map<string, string>>();
  for (const group of [...insideGroups(decisions, facts, split), ...findGroups(decisions)]) {
    const free = group.ways.every(({ members }) => members.every((member) => !chosen.has(member)));
    if (!free) continue;
    const input = inputName(group, inputs);
    const values = inputs.get(input) ?? new Map<string, string>();
    inputs.set(input, values);
    for (const { name, members } of group.ways) {
      if (!values.has(name)) values.set(name, programOf(members[0]));
      for (const member of members) if (!chosen.has(member)) chosen.set(member, { input, value: name });
    }
  }
  const conditions = decisions.flatMap((decision) => (decision.label === 'leave_out' ? [] : casesOf(decision)));
  const asked = [...new Map(conditions.map(({ input, says }) => [input, says]))].map(([input, says]) => ({
    input,
    values: ['no', 'yes'],
    preset: 'no',
    says,
  }));
  const choices = [...inputs].map(([input, values]) => ({
    input,
    values: [...values.keys()],
    preset: preset(values, machine),
  }));
  const others = otherCases(decisions);
  return {
    decisions: decisions.map((decision) =>
      withChoice(settleLonely(decision, chosen, others), chosen.get(decision), split.get(decision)),
    ),
    choices: [...choices, ...asked],
  };
}

/** The decisions, each with what its neighbours make of it: a way to choose, or one that nobody can say when to take. */
export function withNeighbours(decisions: readonly Decision[], facts: (script: string) => ShellFacts): Decision[] {
  const { decisions: settled } = offerChoices(decisions, undefined, facts);
  return decisions.map((decision, i) => {
    const { label, rule, choice, ways = [] } = settled[i] ?? decision;
    if (rule === decision.rule) return decision;
    return { ...decision, among: JSON.stringify([label, rule, choice?.value, ...ways.map(({ value }) => value)]) };
  });
}

/** "Alternatively, …" beside a block that is no way of several itself: which of both is to be taken, nobody can say. */
function settleLonely(
  decision: Decision,
  chosen: ReadonlyMap<Decision, Choice>,
  others: ReadonlySet<Decision>,
): Decision {
  const { block, label, rule } = decision;
  if (block.kind !== 'code' || label !== 'run' || chosen.has(decision) || /^(?:marked-|condition$)/.test(rule))
    return decision;
  if (isForWindows(decision))
    return { ...decision, label: 'leave_out', rule: 'foreign-shell', why: 'it is for Windows' };
  if (others.has(decision))
    return { ...decision, label: 'manual', rule: 'lonely-way', why: 'it is for the other case, so a person does it' };
  if (!saysOtherwise(block.intro) && !saysOtherwise(block.item?.lead ?? '')) return decision;
  return { ...decision, label: 'leave_out', rule: 'lonely-way', why: 'it is another way to do what stands before it' };
}

function isForWindows({ block: { section }, facts }: Decision): boolean {
  const programs = (facts?.commands ?? []).map(({ program }) => program);
  return (
    programs.some((program) => /^choco(?:latey)?$/.test(program)) ||
    (!BUILDS_FOR.test(section.heading) && variantsOf(section).some(({ name }) => name === 'windows'))
  );
}

/** "Cross-compiling for Windows": what comes out is for that, and not where it is typed. */
const BUILDS_FOR = /^\W*(?:cross[- ]?)?(?:build|compil|packag|bundl)\w*\s.*\b(?:for|targeting)\b/i;

function withChoice(decision: Decision, choice: Choice | undefined, ways: readonly Way[] | undefined): Decision {
  if (choice === undefined) return decision;
  if (isStranded(decision)) return { ...decision, label: 'manual', choice };
  const shows = ways === undefined ? choice.value : ways.map(({ value }) => value).join(', ');
  const why = `it is one way of several: ${shows}`;
  return { ...decision, label: 'choice', rule: 'alternatives', why, choice, ...(ways === undefined ? {} : { ways }) };
}

/** Blocks that hold their alternatives themselves, a command each, with `# or` between them. */
function insideGroups(
  decisions: readonly Decision[],
  facts: (script: string) => ShellFacts,
  split: Map<Decision, readonly Way[]>,
): Group[] {
  return decisions.flatMap((decision) => {
    if (!isToChoose(decision) || decision.form !== 'shell' || decision.block.kind !== 'code') return [];
    const scripts = decision.facts === undefined ? [] : alternativeScripts(decision.script, decision.facts);
    if (scripts.length < 2) return [];
    const programs = scripts.map((script) => wayName({ facts: facts(script) }));
    const names = namesOfWays(
      programs,
      scripts.map((script) => commentOf(script, scripts)),
    );
    const sides = names.map((name) => ({ name, members: [decision] }));
    const [group] = groupOf(sides);
    if (group === undefined) return [];
    split.set(
      decision,
      group.ways.map(({ name }, i) => ({ value: name, script: scripts[i] ?? '', facts: facts(scripts[i] ?? '') })),
    );
    return [group];
  });
}

/** What is for some case only is a question of its own. */
function isToChoose(decision: Decision): boolean {
  return decision.choice === undefined && isDeed(decision);
}

/** Most telling first: what the author grouped, then headings, then neighbours. */
function findGroups(decisions: readonly Decision[]): Group[] {
  const running = decisions.filter((decision) => decision.block.kind === 'code' && isToChoose(decision));
  const stranded = decisions.filter((decision) => isStranded(decision) && waysAbove(decision.block.section));
  const told =
    stranded.length === 0 ? running : decisions.filter((one) => running.includes(one) || stranded.includes(one));
  const done = decisions.filter((one) => one.block.kind === 'code' && (isToChoose(one) || isStranded(one)));
  return [
    ...tabGroups(running),
    ...headingGroups(told),
    ...oppositeGroups(told),
    ...itemGroups(running),
    ...introGroups(done),
    ...neighbourGroups(running, otherCases(decisions)),
  ];
}

/**
 * It cannot be run for want of a database, or a person does it: where it is one of several ways, it stays to be chosen. Else what is left of
 * "Scenario A" and "Scenario B" would be done in any case.
 */
function isStranded({ rule, label, block, undoes }: Decision): boolean {
  return rule === 'sql-without-database' || (label === 'manual' && block.kind === 'code' && undoes !== true);
}

function waysAbove(section: Section): boolean {
  for (let at: Section | undefined = section; at?.parent !== undefined; at = at.parent)
    if (variantsOf(at).some(({ topic }) => topic === 'way')) return true;
  return false;
}

function tabGroups(running: readonly Decision[]): Group[] {
  const groups = new Map<string, Map<string, Decision[]>>();
  for (const decision of running) {
    const tab = decision.block.kind === 'code' ? decision.block.tab : undefined;
    if (tab === undefined) continue;
    const ways = groups.get(tab.group) ?? new Map<string, Decision[]>();
    groups.set(tab.group, ways);
    ways.set(tab.label, [...(ways.get(tab.label) ?? []), decision]);
  }
  return [...groups.values()].flatMap((ways) =>
    groupOf([...ways].map(([label, members]) => ({ name: label, members }))),
  );
}

/** One input for all groups that ask the same of the same names; another name where the same question has other answers. */
function inputName({ topic, ways }: Group, taken: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  // A number of our own says nothing of what is asked.
  const shares = (known: ReadonlyMap<string, string>) =>
    ways.some(({ name }) => !/^way_\d+$/.test(name) && known.has(name));
  let name = topic;
  for (let n = 2; taken.has(name) && !shares(taken.get(name) ?? new Map()); n++) name = `${topic}_${n}`;
  return name;
}

function programOf(decision: Decision | undefined): string {
  return decision?.facts?.commands.find(({ program }) => program !== '')?.program ?? '';
}
