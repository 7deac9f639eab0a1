import type { Source } from './place.js';

export type FieldType =
  | 'text'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'time'
  | 'email'
  | 'url'
  | 'phone'
  | 'password'
  | 'choice'
  | 'colour'
  | 'file'
  | 'list'
  | 'object'
  | 'reference';

export interface Field {
  /** In lower case, its words joined by `_`. */
  readonly name: string;
  readonly type: FieldType;
  readonly label?: string;
  readonly required?: boolean;
  readonly options?: readonly string[];
  /** The entity that it points to. */
  readonly of?: string;
}

/** What one place of a site says of an entity. */
export interface EntitySaid {
  readonly name: string;
  readonly kind: 'form' | 'table' | 'json-ld' | 'json' | 'link';
  readonly fields: readonly Field[];
  readonly source: Source;
  /** What can be done with it: where a form is sent, where it is read. */
  readonly operation?: { readonly method: string; readonly path: string };
}

export interface Entity {
  readonly name: string;
  readonly fields: readonly (Field & { readonly seenIn: readonly EntitySaid['kind'][] })[];
  readonly operations: readonly { readonly method: string; readonly path: string }[];
  readonly sources: readonly (Source & { readonly kind: EntitySaid['kind'] })[];
}

const MOST_ENTITIES = 300;
const MOST_FIELDS = 100;
const MOST_SOURCES = 10;

/** `orderLines`, `Order lines` and `order-lines` are `order_lines`. */
export function wordsOf(text: string): string {
  return text
    .slice(0, 200)
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^\p{L}\d]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 60);
}

/** English plurals only: of other languages the word stays as it is. */
export function singular(words: string): string {
  if (/(?:ss|us|is|news|series)$/.test(words)) return words;
  if (words.endsWith('ies')) return `${words.slice(0, -3)}y`;
  if (/(?:sh|ch|x|ss|z)es$/.test(words)) return words.slice(0, -2);
  return words.endsWith('s') ? words.slice(0, -1) : words;
}

export const entityName = (text: string) => singular(wordsOf(text));

/** What all places of a site say, put together by name. A link alone makes no entity: it adds to one that is known otherwise, or is told twice. */
export function entitiesOf(said: readonly EntitySaid[]): Entity[] {
  const byName = new Map<string, EntitySaid[]>();
  for (const one of said) {
    if (one.name === '') continue;
    const known = byName.get(one.name);
    if (known !== undefined) known.push(one);
    else if (byName.size < MOST_ENTITIES) byName.set(one.name, [one]);
  }
  return [...byName].map(([name, all]) => merged(name, all)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function merged(name: string, all: readonly EntitySaid[]): Entity {
  const fields = new Map<string, { field: Field; seenIn: Set<EntitySaid['kind']> }>();
  for (const { fields: own, kind } of all) {
    for (const field of own) {
      const known = fields.get(field.name);
      if (known === undefined && fields.size >= MOST_FIELDS) continue;
      const seenIn = (known?.seenIn ?? new Set()).add(kind);
      fields.set(field.name, { field: known === undefined ? field : both(known.field, field), seenIn });
    }
  }
  const operations = new Map(
    all.flatMap(({ operation: one }) => (one === undefined ? [] : [[`${one.method} ${one.path}`, one] as const])),
  );
  const sources = new Map(
    all.map(({ source, kind }) => [`${source.url} ${source.selector}`, { ...source, kind }] as const),
  );
  return {
    name,
    fields: [...fields.values()].map(({ field, seenIn }) => ({ ...field, seenIn: [...seenIn] })),
    operations: [...operations.values()].slice(0, MOST_SOURCES),
    sources: [...sources.values()].slice(0, MOST_SOURCES),
  };
}

/** What says more wins: any type over text, a reference over any other. */
function both(one: Field, other: Field): Field {
  const vague: ReadonlySet<FieldType> = new Set(['text']);
  const isBetter =
    (vague.has(one.type) && !vague.has(other.type)) || (other.type === 'reference' && one.type !== 'reference');
  const options = [...new Set([...(one.options ?? []), ...(other.options ?? [])])];
  return {
    ...other,
    ...one,
    type: isBetter ? other.type : one.type,
    ...(isBetter && other.of !== undefined ? { of: other.of } : {}),
    ...(options.length === 0 ? {} : { options }),
    ...(one.required === true || other.required === true ? { required: true } : {}),
  };
}

/** With signs of currencies and thousands: `1,299.50 €`, `USD` after it, `12 %`. */
const NUMBER =
  /^[+-]?(?:\p{Sc}\s?)?(?!0\d)\d{1,3}(?:[,.' ]?\d{3}){0,5}(?:[.,]\d{1,10})?(?:\s?(?:\p{Sc}|%|[A-Z]{3}))?$/u;

/** What kind of value a text of at most 100 signs is, of a cell or of JSON; empty text says nothing. */
export function typeOfText(text: string): FieldType | undefined {
  const word = text.trim();
  if (word === '' || word === '–' || word === '-') return undefined;
  if (/^[+-]?\d{1,15}$/.test(word) && !/^0\d/.test(word)) return 'integer';
  if (NUMBER.test(word)) return 'number';
  if (/^\d{4}-\d\d-\d\d$/.test(word)) return 'date';
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(word)) return 'datetime';
  if (/^[^\s@]{1,64}@[^\s@]{1,190}\.[a-z]{2,24}$/i.test(word)) return 'email';
  if (/^https?:\/\/\S+$/i.test(word)) return 'url';
  return /^(?:yes|no|true|false|✓|✗)$/i.test(word) ? 'boolean' : 'text';
}

/** The one type that all say; `number` for integers among numbers, else text. */
export function commonType(types: readonly (FieldType | undefined)[]): FieldType {
  const said = new Set(types.filter((type) => type !== undefined));
  const [only] = said;
  if (said.size === 1 && only !== undefined) return only;
  return said.size === 2 && said.has('integer') && said.has('number') ? 'number' : 'text';
}
