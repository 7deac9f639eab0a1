import type { ShellFacts } from '../shell/facts.js';
import { managerOf } from '../shell/judge/managers.js';
import { alternativeScripts } from './alternatives-inside.js';
import { slug } from './assemble-names.js';
import { casesOf, namedApart } from './cases.js';
import { preset } from './choice-preset.js';
import type { Choice, Decision, Way } from './decision.js';
import type { Section } from './document.js';
import { entry } from './entry.js';
import type { Machine } from './machine.js';
import { roleOf } from './roles.js';
import { saysOtherwise } from './rules-intro.js';
import { offersOne, type Variant, variantOfIntro, variantsOf } from './variants.js';
import { commentOf, namesOfWays } from './way-names.js';

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

/** One way to do something: the blocks of it, and how it is called. */
interface Side {
  readonly name: string;
  readonly members: readonly Decision[];
}

interface Group {
  /** What the input is called: `package_manager`, `platform`, else of the heading. */
  readonly topic: string;
  readonly ways: readonly Side[];
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
    variantsOf(section).some(({ name }) => name === 'windows')
  );
}

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
    if (!isStep(decision) || decision.form !== 'shell' || decision.block.kind !== 'code') return [];
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
function isStep({ label, asStep, choice }: Decision): boolean {
  return choice === undefined && (label === 'run' || (label === 'rollback' && asStep === true));
}

/** Most telling first: what the author grouped, then headings, then neighbours. */
function findGroups(decisions: readonly Decision[]): Group[] {
  const running = decisions.filter((decision) => decision.block.kind === 'code' && isStep(decision));
  const stranded = decisions.filter((decision) => isStranded(decision) && waysAbove(decision.block.section));
  const told =
    stranded.length === 0 ? running : decisions.filter((one) => running.includes(one) || stranded.includes(one));
  return [...tabGroups(running), ...headingGroups(told), ...neighbourGroups(running, otherCases(decisions))];
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

/** Sections beside each other whose headings name variants of one thing: `macOS` | `Linux`, `Docker` | `From source`. */
function headingGroups(running: readonly Decision[]): Group[] {
  const found = new Map<Section, Map<string, Map<Section, Side>>>();
  const variants = new Map<Section, readonly Variant[]>();
  const children = new Map<Section, Set<Section>>();
  for (const decision of running) {
    for (let at: Section | undefined = decision.block.section; at?.parent !== undefined; at = at.parent) {
      const known = variants.get(at) ?? variantsOf(at);
      variants.set(at, known);
      entry(children, at.parent, () => new Set<Section>()).add(at);
      for (const { topic, name } of installing(at.parent, known)) {
        const sides = entry(
          entry(found, at.parent, () => new Map<string, Map<Section, Side>>()),
          topic,
          () => new Map<Section, Side>(),
        );
        const side = sides.get(at);
        sides.set(at, { name, members: [...(side?.members ?? []), decision] });
      }
    }
  }
  return [...found].flatMap(([parent, topics]) =>
    [...merged(topics)].flatMap(([topic, sides]) =>
      areSame(sides) || areObjects(sides, children.get(parent)) ? [] : groupOf([...sides.values()], topic),
    ),
  );
}

const INSTALLED = /^\W*(?:\d+[.)]\s*)?(?:install(?:ing)?\s+[\w.+-]+|[\w.+-]+\s+install(?:ation)?)\W*$/i;
/** What is installed under the names that may be those of a way. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  docker: /^(?:docker|containerd)/,
  podman: /^podman/,
  helm: /^helm/,
  kubernetes: /^(?:kube|k3s|k8s|minikube)/,
};

/**
 * "Docker Installation" and "Kubernetes Installation", each of which installs just that, with "Java Installation" beside them: each is
 * there to be installed.
 */
function areObjects(sides: ReadonlyMap<Section, Side>, beside: ReadonlySet<Section> | undefined): boolean {
  if (![...sides].every(([{ heading }, side]) => INSTALLED.test(heading) && installsItself(side))) return false;
  return [...(beside ?? [])].some((section) => !sides.has(section) && INSTALLED.test(section.heading));
}

function installsItself({ name, members }: Side): boolean {
  const packages = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
  const installed = members.flatMap(({ facts }) =>
    (facts?.commands ?? []).flatMap((one) => managerOf(one)?.packages ?? []),
  );
  const fetched = members.some(({ facts }) =>
    (facts?.commands ?? []).some(
      ({ program, args }) => /^(?:curl|wget)$/.test(program) && args.some((word) => word.includes(name)),
    ),
  );
  return packages !== undefined && (fetched || installed.some((one) => packages.test(one)));
}

/** "2. Install Docker" and "5. Start with Docker" name one thing, not two ways. */
function areSame(sides: ReadonlyMap<Section, Side>): boolean {
  return new Set([...sides.values()].map(({ name }) => name)).size === 1;
}

type Topics = ReadonlyMap<string, ReadonlyMap<Section, Side>>;

/** Three or more sections side by side that name a system, a manager, a method: ways to do one thing, whatever each is told by. */
function merged(topics: Topics): Topics {
  const sections = new Map([...topics.values()].flatMap((sides) => [...sides]));
  return topics.size > 1 && sections.size > 2 && !topics.has('way') ? new Map([['method', sections]]) : topics;
}

/** Below "Installation", ways are told by anything: "Homebrew" beside "Debian" beside "From source". */
function installing(parent: Section, variants: readonly Variant[]): readonly Variant[] {
  const [first] = variants;
  return first !== undefined && roleOf(parent.heading) === 'install' ? [{ ...first, topic: 'installation' }] : variants;
}

/** Blocks next to each other: of one family of programs and doing the same, or with "or" between them. */
function neighbourGroups(running: readonly Decision[], behindCases: ReadonlySet<Decision>): Group[] {
  const groups: Group[] = [];
  let open: Decision[] = [];
  const close = () => {
    const named = open.map((decision) =>
      decision.block.kind === 'code' ? variantOfIntro(decision.block.intro) : undefined,
    );
    const names = namesOfWays(
      open.map((decision, i) => named[i]?.name ?? wayName(decision)),
      open.map(({ block }) => (block.kind === 'code' && !offersOne(block.intro) ? block.intro : '')),
    );
    groups.push(...groupOf(open.map((decision, i) => ({ name: names[i] ?? '', members: [decision] }))));
    open = [];
  };
  for (const decision of running) {
    const before = open.at(-1);
    if (before !== undefined && (behindCases.has(decision) || !areAlternatives(before, decision, open[0]))) close();
    open.push(decision);
  }
  close();
  return groups;
}

/** "If it hangs: …", "Otherwise: …": it is for the other case, and no way of what stands before both. */
function otherCases(decisions: readonly Decision[]): ReadonlySet<Decision> {
  const code = decisions.filter(({ block }) => block.kind === 'code');
  return new Set(
    code.filter(({ block }, i) => {
      const before = code[i - 1];
      const follows = before?.rule === 'condition' && before.block.section === block.section;
      return follows && block.kind === 'code' && saysOtherwise(block.intro);
    }),
  );
}

/** It only moves, and sets variables: what stands below needs that whichever way is taken. */
function onlyPrepares({ facts }: Decision): boolean {
  const { commands = [], parsed } = facts ?? {};
  return parsed === true && commands.every(({ program, writes }) => PREPARES.test(program) && writes.length === 0);
}

const PREPARES = /^(?:|cd|pushd|export|set|declare|readonly|umask)$/;

function areAlternatives(a: Decision, b: Decision, first = a): boolean {
  if (a.block.section !== b.block.section || a.block.kind !== 'code' || b.block.kind !== 'code') return false;
  if (saysOtherwise(b.block.intro)) return a.block.item === b.block.item && !onlyPrepares(a) && !onlyPrepares(b);
  if (
    b.block.intro === '' &&
    first.block.kind === 'code' &&
    a.block.item === b.block.item &&
    offersOne(first.block.intro)
  )
    return true;
  const [one, other] = [variantOfIntro(a.block.intro), variantOfIntro(b.block.intro)];
  if (one !== undefined && one.topic === other?.topic && one.name !== other.name) return true;
  const [left, right] = [installerOf(a), installerOf(b)];
  return left !== undefined && right !== undefined && left.family === right.family && left.name !== right.name;
}

/** What installs, when the block does nothing else. */
function installerOf({ facts }: Decision) {
  const managers = (facts?.commands ?? []).map(managerOf);
  const [first] = managers;
  const same = managers.every((manager) => manager !== undefined && manager.name === first?.name);
  return same && first?.action === 'install' ? first : undefined;
}

function wayName(decision: Pick<Decision, 'facts'>): string {
  const manager = (decision.facts?.commands ?? []).map(managerOf).find((found) => found !== undefined);
  return manager?.name ?? decision.facts?.commands.find(({ program }) => program !== '')?.program ?? 'other';
}

/** A group needs two ways, told apart by their names. */
function groupOf(ways: readonly Side[], topic?: string): Group[] {
  if (ways.length < 2) return [];
  const names = ways.map(({ name }) => slug(name).replaceAll('-', '_') || 'other');
  const unique = names.map((name, i) => (names.indexOf(name) === i ? name : `${name}_${i + 1}`));
  const named = ways.map(({ members }, i) => ({ name: unique[i] ?? `way_${i + 1}`, members }));
  return [{ topic: topic ?? topicOf(unique, named), ways: named }];
}

const FAMILIES: Readonly<Record<string, RegExp>> = {
  package_manager: /^(?:npm|yarn|pnpm|bun|deno|npx)$/,
  platform: /^(?:mac_?os|mac|osx|linux|windows|wsl|freebsd|unix)$/,
  python_manager: /^(?:pip|pip3|pipx|poetry|uv|conda|pipenv|pdm)$/,
  system_manager: /^(?:apt|apt_get|dnf|yum|brew|homebrew|apk|pacman|zypper|snap|choco|winget|scoop)$/,
};

function topicOf(names: readonly string[], [way]: readonly Side[]): string {
  const family = Object.entries(FAMILIES).find(([, pattern]) => names.every((name) => pattern.test(name)));
  if (family !== undefined) return family[0];
  const heading = slug(way?.members[0]?.block.section.heading ?? '').replaceAll('-', '_');
  return /^[a-z]/.test(heading) ? `${heading}_with`.slice(0, 60) : 'way';
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
