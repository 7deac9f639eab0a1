import { type Content, contentOf, type Occurrence } from './occurrences.js';
import type { Source } from './place.js';

export interface Prop {
  readonly name: string;
  readonly type: Content | 'choice' | 'boolean' | 'group';
  /** Seen in every one. */
  readonly required: boolean;
  readonly options?: readonly string[];
}

export interface Component {
  readonly name: string;
  /** `layout`: stands on pages once, as a header does. */
  readonly kind: 'component' | 'layout';
  readonly selector: string;
  readonly tags: readonly string[];
  readonly count: number;
  readonly pages: number;
  readonly variants: readonly string[];
  readonly props: readonly Prop[];
  /** Components that stand in it. */
  readonly contains: readonly string[];
  readonly sources: readonly Source[];
}

const MOST_COMPONENTS = 300;
const MOST_SOURCES = 5;
/** So much of what several have in common must be in each of them on average. */
const ALIKE = 0.6;
const INTERACTIVE: ReadonlySet<string> = new Set(['a', 'button', 'input', 'select', 'textarea', 'summary']);
const LANDMARKS: ReadonlySet<string> = new Set(['header', 'footer', 'nav', 'aside']);

/** One named element of the site, with what stands in it. */
interface Node extends Omit<Occurrence, 'parent'> {
  readonly parent: Node | undefined;
  readonly children: Node[];
}

interface Slot {
  readonly name: string;
  readonly type: Prop['type'];
  /** It has a name of its own. */
  readonly isNamed: boolean;
}

/**
 * The components of a site: named structures that occur at least twice and are alike. What only ever stands in one of them, once,
 * is a part of it.
 * @param boxed classes that a stylesheet gives a box of their own: padding, background, border
 */
export function componentsOf(pages: readonly (readonly Occurrence[])[], boxed: ReadonlySet<string>): Component[] {
  const groups = new Map<string, Node[]>();
  for (const node of pages.flatMap(linked)) {
    const group = groups.get(node.key);
    if (group === undefined) groups.set(node.key, [node]);
    else group.push(node);
  }
  const parts = new Map(
    [...groups].flatMap(([key, nodes]) => {
      const whole = wholeOf(key, nodes, groups);
      return whole === undefined ? [] : [[key, whole] as const];
    }),
  );
  const accepted = accept(groups, parts, boxed);
  const isAccepted = (key: string) => accepted.has(key);
  return [...accepted]
    .map(([key, slots]) => component(key, groups.get(key) ?? [], { slots, parts, isAccepted }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_COMPONENTS);
}

function linked(page: readonly Occurrence[]): Node[] {
  const nodes: Node[] = [];
  for (const one of page) {
    const parent = nodes[one.parent];
    const node: Node = { ...one, parent, children: [] };
    parent?.children.push(node);
    nodes.push(node);
  }
  return nodes;
}

/** The group in which each of these stands, at most once in each. */
function wholeOf(
  key: string,
  nodes: readonly Node[],
  groups: ReadonlyMap<string, readonly Node[]>,
): string | undefined {
  // A custom element says itself that it is a component.
  if (!/^[.[]/.test(key)) return undefined;
  const whole = nodes[0]?.parent?.key;
  if (whole === undefined || whole === key || (groups.get(whole)?.length ?? 0) < 2) return undefined;
  const around = new Set(nodes.map(({ parent }) => parent));
  return around.size === nodes.length && nodes.every(({ parent }) => parent?.key === whole) ? whole : undefined;
}

/** Slots of each group that is a component. Parts of what is none are looked at by themselves. */
function accept(
  groups: ReadonlyMap<string, readonly Node[]>,
  parts: Map<string, string>,
  boxed: ReadonlySet<string>,
): Map<string, readonly Slot[][]> {
  const accepted = new Map<string, readonly Slot[][]>();
  let open = [...groups.keys()].filter((key) => !parts.has(key));
  while (open.length > 0) {
    const freed: string[] = [];
    for (const key of open) {
      const nodes = groups.get(key) ?? [];
      const slots = nodes.map((node) => slotsOf(node, parts));
      if (isComponent(key, nodes, slots, boxed)) {
        accepted.set(key, slots);
        continue;
      }
      for (const [part, whole] of parts) if (whole === key) freed.push(part);
    }
    for (const key of freed) parts.delete(key);
    open = freed;
  }
  return accepted;
}

function slotsOf(node: Node, parts: ReadonlyMap<string, string>, prefix = node.key): Slot[] {
  const bare = [...new Set(node.contents)].map((type): Slot => ({ name: type, type, isNamed: false }));
  const named = node.children.flatMap((child): Slot[] => {
    if (parts.get(child.key) !== node.key) return [];
    const inside = slotsOf(child, parts, prefix);
    const hasParts = inside.some(({ isNamed }) => isNamed);
    return hasParts ? inside : [{ name: shortName(child.key, prefix), type: typeOf(child), isNamed: true }];
  });
  return [...bare, ...named];
}

/** `.card__title` of `.card` is its title. */
function shortName(key: string, prefix: string): string {
  const name = key.replace(/^\.|^\[role=|\]$/g, '');
  const whole = prefix.replace(/^\./, '');
  return name.startsWith(whole) ? name.slice(whole.length).replace(/^[-_]+/, '') || name : name;
}

const ORDER: readonly Content[] = ['image', 'link', 'date', 'control', 'action'];

/** By its tag; a heading or a box by what stands in it. */
function typeOf({ tag, contents }: Node): Prop['type'] {
  const own = contentOf(tag);
  if (own !== undefined && own !== 'heading') return own;
  return (
    ORDER.find((type) => contents.includes(type)) ?? (own === undefined && contents.length === 0 ? 'group' : 'text')
  );
}

function isComponent(
  key: string,
  nodes: readonly Node[],
  slots: readonly Slot[][],
  boxed: ReadonlySet<string>,
): boolean {
  if (nodes.length < 2 || new Set(nodes.map(({ tag }) => tag)).size > 2) return false;
  if (likeness(slots) < ALIKE) return false;
  const named = new Set(slots.flat().flatMap(({ name, isNamed }) => (isNamed ? [name] : []))).size;
  const all = new Set(slots.flat().map(({ name }) => name)).size;
  if (!key.startsWith('.')) return true;
  if (isOncePerPage(nodes)) return LANDMARKS.has(nodes[0]?.tag ?? '') || named >= 2;
  if (named >= 1 || all >= 2) return true;
  return nodes.every(({ tag }) => INTERACTIVE.has(tag)) || (all === 1 && boxed.has(key.slice(1)));
}

const pagesOf = (nodes: readonly Node[]) => new Set(nodes.map(({ source }) => source.url)).size;
const isOncePerPage = (nodes: readonly Node[]) => pagesOf(nodes) === nodes.length;

/** How much of what most have is in each, and nothing else, on average; 1 for those that have nothing in them. */
function likeness(slots: readonly Slot[][]): number {
  const counts = countsOf(slots);
  const common = new Set([...counts].filter(([, count]) => count >= slots.length * ALIKE).map(([name]) => name));
  const shares = slots.map((own) => {
    const names = new Set(own.map(({ name }) => name));
    const all = new Set([...names, ...common]);
    return all.size === 0 ? 1 : [...names].filter((name) => common.has(name)).length / all.size;
  });
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

function countsOf(slots: readonly Slot[][]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const own of slots)
    for (const name of new Set(own.map((slot) => slot.name))) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

interface Known {
  readonly slots: readonly Slot[][];
  readonly parts: ReadonlyMap<string, string>;
  readonly isAccepted: (key: string) => boolean;
}

function component(key: string, nodes: readonly Node[], { slots, parts, isAccepted }: Known): Component {
  const counts = countsOf(slots);
  const kinds = new Map(slots.flat().map((slot) => [slot.name, slot]));
  const inside = [...kinds.values()].map(
    ({ name, type }): Prop => ({ name, type, required: counts.get(name) === nodes.length }),
  );
  const contained = new Set(
    nodes.flatMap((node) => within(node, parts)).filter((name) => name !== key && isAccepted(name)),
  );
  return {
    name: plainName(key),
    kind: isOncePerPage(nodes) && nodes.length > 1 && key.startsWith('.') ? 'layout' : 'component',
    selector: key,
    tags: [...new Set(nodes.map(({ tag }) => tag))],
    count: nodes.length,
    pages: pagesOf(nodes),
    variants: variantsOf(key, nodes),
    props: [...inside, ...attributesOf(nodes)].slice(0, 50),
    contains: [...contained].map(plainName),
    sources: nodes.slice(0, MOST_SOURCES).map(({ source }) => source),
  };
}

const plainName = (key: string) => key.replace(/^\.|^\[role=|\]$/g, '');

/** Named elements in it that are no parts of it, not looking into those. */
function within(node: Node, parts: ReadonlyMap<string, string>): string[] {
  return node.children.flatMap((child) => (parts.get(child.key) === node.key ? within(child, parts) : [child.key]));
}

function variantsOf(key: string, nodes: readonly Node[]): string[] {
  const own = plainName(key);
  const found = nodes.flatMap(({ classes }) =>
    classes.flatMap((name) => {
      if (/^(?:is|has)-/.test(name)) return [name];
      const rest = name.startsWith(own) ? name.slice(own.length) : '';
      return /^--?\w/.test(rest) ? [rest.replace(/^-+/, '')] : [];
    }),
  );
  return [...new Set(found)].toSorted().slice(0, 30);
}

function attributesOf(nodes: readonly Node[]): Prop[] {
  const seen = new Map<string, string[]>();
  for (const [name, value] of nodes.flatMap(({ attributes }) => attributes)) {
    const values = seen.get(name);
    if (values === undefined) seen.set(name, [value]);
    else values.push(value);
  }
  return [...seen].map(([name, values]): Prop => {
    const required = values.length === nodes.length;
    const distinct = [...new Set(values)].toSorted();
    if (distinct.every((value) => value === '')) return { name, type: 'boolean', required: false };
    if (name === 'href') return { name, type: 'link', required };
    if (name === 'src') return { name, type: 'image', required };
    const isChoice = distinct.length <= 6 && distinct.length < values.length;
    return isChoice ? { name, type: 'choice', required, options: distinct } : { name, type: 'text', required };
  });
}
