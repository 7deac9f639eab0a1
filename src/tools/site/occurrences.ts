import type { Source } from './place.js';
import { inLine, selectorOf, type Tag } from './tree.js';

/** What stands in a component, as far as its tag tells. */
export type Content = 'text' | 'heading' | 'image' | 'link' | 'date' | 'control' | 'action';

/** An element that may be a component, or a part of one: it has a name by its class, its tag or its role. */
export interface Occurrence {
  /** `.card`, `price-tag`, `[role=alert]`: a selector. */
  readonly key: string;
  readonly tag: string;
  /** The place in the page's list of the one around it; -1 where there is none. */
  readonly parent: number;
  /** Its other classes. */
  readonly classes: readonly string[];
  readonly attributes: readonly (readonly [string, string])[];
  /** What stands in it without a name of its own. */
  readonly contents: readonly Content[];
  readonly source: Source;
}

const MOST = 2000;
const PLAIN = /^[A-Za-z_][\w-]{0,60}$/;
/** Classes that say how something looks and not what it is. */
const UTILITY =
  /[:/[\]]|^-?[mp][trblxyse]?-|^(?:flex|grid|block|inline|hidden|table|container|wrap(?:per)?|row|col(?:umn)?s?|clearfix|active|disabled|sr-only)(?:-|$)|^(?:text|bg|border|w|h|min|max|gap|space|items|justify|content|self|font|leading|tracking|rounded|shadow|opacity|overflow|position|absolute|relative|fixed|sticky|z|top|right|bottom|left|order|float)-/;
/** Pages, tables and drawings have forms of their own. */
const NEVER: ReadonlySet<string> = new Set([
  'html',
  'body',
  'table',
  'caption',
  'colgroup',
  'col',
  'thead',
  'tbody',
  'tfoot',
  'tr',
  'td',
  'th',
  'option',
  'br',
  'hr',
]);
const UNSEEN: ReadonlySet<string> = new Set([
  'head',
  'script',
  'style',
  'template',
  'noscript',
  'svg',
  'iframe',
  'object',
]);
/** Landmarks and decoration. */
const NO_ROLE: ReadonlySet<string> = new Set([
  '',
  'presentation',
  'none',
  'main',
  'document',
  'application',
  'generic',
  'group',
  'region',
  'banner',
  'contentinfo',
  'navigation',
  'complementary',
  'search',
  'form',
]);

const CONTENTS: ReadonlyMap<string, Content> = new Map(
  Object.entries({
    img: 'image',
    picture: 'image',
    video: 'image',
    a: 'link',
    time: 'date',
    button: 'action',
    summary: 'action',
    input: 'control',
    select: 'control',
    textarea: 'control',
    h1: 'heading',
    h2: 'heading',
    h3: 'heading',
    h4: 'heading',
    h5: 'heading',
    h6: 'heading',
  }),
);

/** What a tag is by itself; undefined for those that only hold others. */
export const contentOf = (tag: string): Content | undefined => CONTENTS.get(tag);

/** The named elements of a page, each after the one around it. */
export function occurrencesOf(root: Tag, url: string): Occurrence[] {
  const found: (Occurrence & { contents: Content[] })[] = [];
  const look = (tag: Tag, parent: number): void => {
    if (UNSEEN.has(tag.name)) return;
    const key = keyOf(tag);
    const at =
      key === undefined || found.length >= MOST ? parent : found.push(occurrence(tag, { key, parent, url })) - 1;
    const isNew = at !== parent;
    const bare = isNew ? (tag.text.trim() === '' ? undefined : 'text') : contentIn(tag);
    if (bare !== undefined) found[at]?.contents.push(bare);
    for (const child of tag.children) look(child, at);
  };
  for (const child of root.children) look(child, -1);
  return found;
}

function contentIn(tag: Tag): Content | undefined {
  return contentOf(tag.name) ?? (tag.text.trim() === '' ? undefined : 'text');
}

function keyOf(tag: Tag): string | undefined {
  if (NEVER.has(tag.name)) return undefined;
  if (/^[a-z][a-z0-9]*-[a-z0-9-]{0,50}$/.test(tag.name)) return tag.name;
  const named = tag.classes.filter((name) => PLAIN.test(name) && !UTILITY.test(name));
  const name = named.find((one) => !one.includes('--') && !/^(?:is|has|js)-/.test(one)) ?? named[0];
  if (name !== undefined) return `.${name}`;
  const role = tag.attributes.get('role')?.trim().toLowerCase() ?? '';
  return PLAIN.test(role) && !NO_ROLE.has(role) ? `[role=${role}]` : undefined;
}

const PROPS =
  /^(?:data-[\w-]{1,50}|aria-(?:expanded|pressed|selected|checked|current|disabled)|href|src|type|value|disabled|open)$/;
const COMMON: ReadonlySet<string> = new Set(['class', 'id', 'style', 'slot', 'role', 'is']);

function occurrence(
  tag: Tag,
  { key, parent, url }: { key: string; parent: number; url: string },
): Occurrence & { contents: Content[] } {
  const isOwn = !key.startsWith('.') && !key.startsWith('[');
  const attributes = [...tag.attributes].filter(
    ([name]) => PLAIN.test(name) && !COMMON.has(name) && (isOwn || PROPS.test(name)),
  );
  return {
    key,
    tag: tag.name,
    parent,
    classes: tag.classes.filter((name) => `.${name}` !== key),
    attributes: attributes.slice(0, 20).map(([name, value]) => [name, inLine(value, 40)] as const),
    contents: [],
    source: { url, selector: selectorOf(tag) },
  };
}
