import { OpsroomError } from '#kit/errors.js';
import { getAuditEntry } from '#operations/audit/get.js';
import { listAudit } from '#operations/audit/list.js';
import type { AuditEntryView } from '#operations/audit/view.js';
import { invoke } from '#operations/invoke.js';
import { duration, oneLine, table, time } from '../../format.js';
import type { Output } from '../../output.js';
import { withExistingRoom } from '../../session.js';
import { type AuditCall, filterOf, wholeNumber } from './options.js';

export async function list({ options, output }: AuditCall): Promise<number> {
  return withExistingRoom(async ({ room }) => {
    const filter = filterOf(options, room.ports.clock.now());
    const before = options.before === undefined ? {} : { before: wholeNumber(options.before, '--before') };
    const limit = wholeNumber(options.limit, '--limit');
    const found = await invoke(listAudit, { ...filter, ...before, limit }, room);
    output.print(found.entries.length === 0 ? 'No such entries.' : entryTable(found.entries, output));
    if (found.next !== null) output.note(`There are more: add --before ${found.next}.`);
    output.result(found);
    return 0;
  });
}

function entryTable(entries: readonly AuditEntryView[], { colours }: Output): string {
  const head = ['place', 'at', 'who', 'what', 'about', 'outcome', 'took'].map((cell) => colours.dim(cell));
  const rows = entries.map((entry) => [
    String(entry.seq),
    time(entry.at),
    oneLine(entry.actor),
    // Whose word it is stands first, so that no name of an event can hide it.
    entry.source === 'external' ? colours.yellow(oneLine(entry.kind)) : oneLine(entry.kind),
    about(entry),
    entry.outcome === null || entry.outcome === 'ok' ? (entry.outcome ?? '') : colours.red(entry.outcome),
    typeof entry.data['ms'] === 'number' && entry.source === 'room' ? duration(entry.data['ms']) : '',
  ]);
  return table([head, ...rows]);
}

const MOST_ABOUT = 60;

function about({ source, data }: AuditEntryView): string {
  if (source === 'external') return cut(JSON.stringify(data['note'] ?? {}));
  if (typeof data['question'] === 'string') return cut(data['question']);
  const subjects = (data['subjects'] ?? data) as Readonly<Record<string, unknown>>;
  const told = Object.entries(subjects).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return cut(told.map(([name, value]) => `${name} ${value}`).join(', '));
}

const cut = (text: string): string => {
  const line = oneLine(text);
  return line.length > MOST_ABOUT ? `${line.slice(0, MOST_ABOUT - 1)}…` : line;
};

export async function show({ which, output }: AuditCall): Promise<number> {
  if (which === undefined)
    throw new OpsroomError('USAGE', { what: 'Which entry?', mend: 'Name its place: opsroom audit show 41' });
  const seq = wholeNumber(which, 'show');
  return withExistingRoom(async ({ room }) => {
    const shown = await invoke(getAuditEntry, { seq }, room);
    const { entry, proof } = shown;
    output.print(`${entry.seq}  ${time(entry.at)}  ${oneLine(entry.actor)}  ${oneLine(entry.kind)}`);
    output.print(JSON.stringify(entry.data, undefined, 2).split('\n').map(oneLineKept).join('\n'));
    output.print(`leaf ${entry.leaf}, in the tree of ${proof.size} by ${proof.path.length} hashes`);
    output.result(shown);
    return 0;
  });
}

/** The blanks at the beginning are the form of the JSON. */
const oneLineKept = (line: string): string => (/^ */.exec(line)?.[0] ?? '') + oneLine(line);
