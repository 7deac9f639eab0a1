import {
  commonType,
  type EntitySaid,
  entityName,
  type Field,
  type FieldType,
  typeOfText,
  wordsOf,
} from './entities.js';
import { inLine, selectorOf, type Tag } from './tree.js';

type Members = Readonly<Record<string, unknown>>;
const MOST_BYTES = 512 * 1024;
const MOST_OBJECTS = 500;
const MOST_DEPTH = 6;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  if (text.length > MOST_BYTES) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a page says of itself in JSON-LD: each object with an `@type`, also those inside of others. */
export function linkedData(tags: readonly Tag[], url: string): EntitySaid[] {
  const scripts = tags.filter(
    ({ name, attributes }) =>
      name === 'script' && attributes.get('type')?.split(';')[0]?.trim().toLowerCase() === 'application/ld+json',
  );
  return scripts.slice(0, 50).flatMap((script) => {
    const source = { url, selector: selectorOf(script) };
    return typed(parsed(script.text)).map(
      ({ name, members }): EntitySaid => ({ name, kind: 'json-ld', source, fields: fieldsOf([members], typeName) }),
    );
  });
}

const typeOf = (value: Members): string => {
  const type = Array.isArray(value['@type']) ? (value['@type'] as unknown[])[0] : value['@type'];
  return typeof type === 'string' ? (type.split(/[/#:]/).at(-1) ?? '') : '';
};
const typeName = (value: Members): string => entityName(typeOf(value));

/** Objects with a type, wherever they stand; each list and object is looked into once, to a depth. */
function typed(value: unknown): { name: string; members: Members }[] {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  const found: { name: string; members: Members }[] = [];
  for (let at = open.shift(); at !== undefined && found.length < MOST_OBJECTS; at = open.shift()) {
    if (at.depth > MOST_DEPTH) continue;
    if (isObject(at.value) && typeName(at.value) !== '') found.push({ name: typeName(at.value), members: at.value });
    const inside = Array.isArray(at.value) ? at.value : isObject(at.value) ? Object.values(at.value) : [];
    for (const one of inside.slice(0, MOST_OBJECTS))
      if (typeof one === 'object') open.push({ value: one, depth: at.depth + 1 });
  }
  return found;
}

/** The entities of a JSON document: its lists of objects, named by their members; one at the top by its address. */
export function jsonEntities(text: string, url: string): EntitySaid[] {
  const value = parsed(text);
  const step = new URL(url).pathname.split('/').findLast((one) => one !== '' && !/^\d+$/.test(one)) ?? '';
  const top = entityName(step.replace(/\.[a-z]{2,8}$/i, ''));
  return lists(value, top).map(
    ({ name, objects, path }): EntitySaid => ({
      name,
      kind: 'json',
      fields: fieldsOf(objects, () => ''),
      source: { url, selector: path },
    }),
  );
}

interface Listed {
  readonly name: string;
  readonly objects: readonly Members[];
  /** A JSON Pointer. */
  readonly path: string;
}

function lists(value: unknown, name: string, path = '', depth = 0): Listed[] {
  if (depth > 3) return [];
  if (Array.isArray(value)) {
    const objects = value.filter(isObject).slice(0, MOST_OBJECTS);
    return objects.length > 0 && name !== '' ? [{ name, objects, path }] : [];
  }
  if (!isObject(value)) return [];
  const inside = Object.entries(value).slice(0, 100);
  const nested = inside.flatMap(([key, one]) =>
    typeof one === 'object' && one !== null ? lists(one, entityName(key), `${path}/${inLine(key, 60)}`, depth + 1) : [],
  );
  // What only wraps lists (`{"data": […], "total": 3}`) is no entity; a list called "data" is named by the address.
  if (nested.length > 0)
    return nested.map((one) => (WRAPPERS.has(one.name) && depth === 0 && name !== '' ? { ...one, name } : one));
  return depth === 0 && inside.length >= 2 && name !== '' ? [{ name, objects: [value], path }] : [];
}

const WRAPPERS: ReadonlySet<string> = new Set([
  'data',
  'datum',
  'item',
  'result',
  'record',
  'row',
  'value',
  'entry',
  'list',
]);

function fieldsOf(objects: readonly Members[], nameOf: (value: Members) => string): Field[] {
  const keys = new Set(objects.flatMap((members) => Object.keys(members).slice(0, 100)));
  return [...keys].slice(0, 100).flatMap((key): Field[] => {
    const name = wordsOf(key);
    if (name === '' || key.startsWith('@')) return [];
    const values = objects.map((members) => members[key]).filter((value) => value !== undefined && value !== null);
    const of = values.map((value) => (isObject(value) ? nameOf(value) : ''));
    const [first = ''] = of;
    if (first !== '' && of.every((one) => one === first)) return [{ name, type: 'reference', of: first }];
    return [{ name, type: commonType(values.map(typeOfValue)) }];
  });
}

function typeOfValue(value: unknown): FieldType | undefined {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value !== 'string') return undefined;
  const said = typeOfText(value.slice(0, 100));
  // A number that is written as text is text.
  return said === 'integer' || said === 'number' || said === 'boolean' ? 'text' : said;
}
