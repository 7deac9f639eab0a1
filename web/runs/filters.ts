import { LANES } from '#ir/plan.js';
import { RUN_STATUSES, type RunStatus } from '#ir/state.js';

/** A filter over runs, as the API takes it. */
export interface Filter {
  status?: RunStatus[];
  lane?: (typeof LANES)[number][];
  session?: string;
  plan?: string;
  text?: string;
  requestedBy?: string[];
  target?: string[];
  from?: string;
  to?: string;
  within?: string;
  archived?: 'no' | 'only' | 'all';
  needsPerson?: boolean;
}
export type FieldName = keyof Filter;

/** How a member of the filter reads, and how it is asked for. */
export interface FieldKind {
  readonly name: FieldName;
  /** As its token begins. */
  readonly word: string;
  readonly relation: string;
  readonly form: 'choice' | 'texts' | 'text' | 'time' | 'flag';
  readonly options?: readonly string[];
  /** What may be typed, as an example. */
  readonly example?: string;
}

/** In the order in which tokens stand. */
export const FIELDS: readonly FieldKind[] = [
  { name: 'status', word: 'state', relation: 'is any of', form: 'choice', options: RUN_STATUSES },
  { name: 'needsPerson', word: 'needs', relation: 'a', form: 'flag' },
  { name: 'text', word: 'title or id', relation: 'contains', form: 'text', example: 'deploy' },
  { name: 'target', word: 'target', relation: 'has', form: 'texts', example: 'environment=staging' },
  { name: 'lane', word: 'lane', relation: 'is any of', form: 'choice', options: LANES },
  { name: 'requestedBy', word: 'asked by', relation: 'is any of', form: 'texts', example: 'me' },
  { name: 'session', word: 'session', relation: 'is', form: 'text', example: 'Move the shop' },
  { name: 'plan', word: 'plan', relation: 'is', form: 'text', example: 'part of its title, or of its digest' },
  { name: 'within', word: 'created', relation: 'in the last', form: 'text', example: '24h' },
  { name: 'from', word: 'created', relation: 'since', form: 'time' },
  { name: 'to', word: 'created', relation: 'before', form: 'time' },
  { name: 'archived', word: 'archived', relation: 'runs', form: 'choice', options: ['only', 'all'] },
];

type Search = Readonly<Record<string, string | undefined>>;

/** What the address holds; what is no filter in it is left out, since an address is typed by anybody. */
export function filterOf(search: Search): Filter {
  const filter: Record<string, unknown> = {};
  for (const field of FIELDS) {
    const text = search[field.name];
    const value = text === undefined || text === '' ? undefined : valueOf(field, text);
    if (value !== undefined) filter[field.name] = value;
  }
  return filter;
}

/** Undefined for what does not fit the field. */
export function valueOf(field: FieldKind, text: string): unknown {
  if (field.form === 'flag') return text === 'true' ? true : undefined;
  if (field.form === 'time') return Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString();
  if (field.form === 'text') return field.name === 'within' && !/^[1-9]\d{0,2}[mhd]$/.test(text) ? undefined : text;
  const parts = [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => fits(field, part));
  if (field.name === 'archived') return parts[0];
  return parts.length === 0 ? undefined : parts;
}

function fits({ name, form, options = [] }: FieldKind, part: string): boolean {
  if (form === 'choice') return options.includes(part);
  return name === 'target' ? /^[^=]+=/.test(part) : part !== '';
}

/** The filter as the address keeps it; every field has its entry, so that what is gone is taken out. */
export function searchOf(filter: Filter): Record<FieldName, string | undefined> {
  const entries = FIELDS.map(({ name }) => {
    const value = filter[name];
    return [name, value === undefined ? undefined : Array.isArray(value) ? value.join(',') : String(value)];
  });
  return Object.fromEntries(entries) as Record<FieldName, string | undefined>;
}

/** Whether two filters ask for the same, whatever the order of what is listed. */
export function sameFilter(one: Filter, other: Filter): boolean {
  const canon = (filter: Filter) => JSON.stringify(searchOf(sorted(filter)));
  return canon(one) === canon(other);
}

function sorted(filter: Filter): Filter {
  const { archived, ...rest } = filter;
  const entries = Object.entries(rest).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.toSorted((a, b) => (a < b ? -1 : 1)) : value,
  ]);
  return {
    ...(Object.fromEntries(entries) as Filter),
    ...(archived === undefined || archived === 'no' ? {} : { archived }),
  };
}

/** The filter with a value more of a field: lists grow, others are replaced. */
export function withValue(filter: Filter, field: FieldKind, value: unknown): Filter {
  const known = filter[field.name];
  const next = Array.isArray(known) && Array.isArray(value) ? [...new Set([...known, ...value])] : value;
  return { ...filter, [field.name]: next };
}

export function without(filter: Filter, name: FieldName): Filter {
  const { [name]: _, ...rest } = filter;
  return rest;
}

/** A token's value in words. */
export function valueText(name: FieldName, filter: Filter): string {
  const value = filter[name];
  if (name === 'needsPerson') return 'person';
  if (name === 'status') return (filter.status ?? []).map((one) => one.replace('_', ' ')).join(', ');
  return Array.isArray(value) ? value.join(', ') : String(value);
}
