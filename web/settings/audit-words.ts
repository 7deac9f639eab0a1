import type { Shown } from '../ui/state.js';
import { visible } from '../ui/visible.js';

/** What of an entry a row needs. */
export interface AuditEntry {
  readonly seq: number;
  readonly at: string;
  readonly source: 'room' | 'external';
  readonly kind: string;
  readonly actor: string;
  readonly outcome: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export const VIEWS = [
  { value: 'all', text: 'All' },
  { value: 'calls', text: 'Calls' },
  { value: 'refused', text: 'Refused' },
  { value: 'questions', text: 'Questions' },
  { value: 'notes', text: 'Notes' },
] as const;
export type View = (typeof VIEWS)[number]['value'];

/** What is asked of the room. */
export interface Filter {
  readonly kind?: string;
  readonly refused?: boolean;
  readonly actor?: string;
}

/** What is asked of the room for a view. */
export function filterOf(view: View): Filter {
  if (view === 'calls') return { kind: 'call.' };
  if (view === 'questions') return { kind: 'query.' };
  if (view === 'notes') return { kind: 'external:' };
  return view === 'refused' ? { refused: true } : {};
}

/** Where the entries of a filter are had as a file. */
export function exportPath(format: 'csv' | 'json', { kind, refused, actor }: Filter): string {
  const query = new URLSearchParams({ format });
  if (kind !== undefined) query.set('kind', kind);
  if (refused !== undefined) query.set('refused', String(refused));
  if (actor !== undefined) query.set('actor', actor);
  return `/v1/audit/export?${query}`;
}

/** What an entry is about, on one line. What an agent wrote stands in its own words, and is never taken for the room's. */
export function aboutText({ source, data }: AuditEntry): string {
  if (source === 'external') return visible(JSON.stringify(data['note'] ?? {}));
  if (typeof data['question'] === 'string') return visible(data['question']);
  const subjects = typeof data['subjects'] === 'object' && data['subjects'] !== null ? data['subjects'] : data;
  return Object.entries(subjects)
    .filter((entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number')
    .map(([name, value]) => visible(`${name} ${value}`))
    .join(', ');
}

/** How a call ended; undefined of what is no call. */
export function outcomeShown({ outcome }: AuditEntry): Shown | undefined {
  if (outcome === null) return undefined;
  return outcome === 'ok' ? { look: 'exit', word: 'done' } : { look: 'failed', word: outcome };
}

const TOLD = [
  ['input', 'input digest'],
  ['before', 'digest before'],
  ['after', 'digest after'],
  ['ms', 'took (ms)'],
] as const;

/** Who asked and from where, as pairs for a list. */
export function factsOf({ source, data }: AuditEntry): [string, string][] {
  const part = (name: string): [string, string][] => {
    const value = data[name];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).map(([key, member]) => [visible(`${name} ${key}`), visible(String(member))]);
  };
  const told = TOLD.flatMap(([name, label]): [string, string][] => {
    const value = source === 'room' ? data[name] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? [[label, visible(String(value))]] : [];
  });
  return [...part('who'), ...part('from'), ...(source === 'room' ? part('subjects') : []), ...told];
}
