import type { ApprovalRule } from '../decision.js';
import { parseWindow } from './window.js';

/** The annotations of one policy: Cedar passes them on and gives them no meaning of its own. */
export type Annotations = Readonly<Record<string, string | null>>;

export interface Announced {
  readonly id: string;
  readonly reason: string;
  /** What it waits for before it gives way; null: it does not. */
  readonly approval: ApprovalRule | null;
}

/** What is wrong, and what to do about it. */
export interface Complaint {
  readonly message: string;
  readonly mend: string;
}

export interface Known {
  /** Roles that may approve. */
  readonly approvers: readonly string[];
  /** Names of the files beside the policies that may be forms. */
  readonly forms: ReadonlySet<string>;
}

const APPROVAL = ['approvers', 'count', 'ttl', 'window', 'form'];
const KNOWN = ['id', 'reason', ...APPROVAL];
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const MAX_TTL_MS = 30 * 86_400_000;
const MAX_COUNT = 20;
const USUAL_TTL = '4h';

/**
 * Reads the annotations of a policy: `@id` and `@reason`, which each has, and those of an approval: `@approvers("approver,owner")
 * @count("1") @ttl("4h") @window("Mon-Fri 09:00-17:00 Europe/Berlin") @form("change.schema.json")`.
 */
export function readAnnotations(found: Annotations, known: Known): Announced | Complaint[] {
  const complaints: Complaint[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      complaints.push({ message: error.message, mend: error.mend });
      return undefined;
    }
  };
  for (const name of Object.keys(found)) attempt(() => refuseUnknown(name));
  const id = attempt(() => readId(found['id']));
  const reason = attempt(() => readReason(found['reason']));
  const waits = APPROVAL.some((name) => Object.hasOwn(found, name));
  const roles = waits ? attempt(() => readRoles(found['approvers'], known.approvers)) : [];
  const count = attempt(() => readCount(found['count']));
  const ttlMs = attempt(() => readTtl(found['ttl']));
  const window = attempt(() => readWindow(found['window']));
  const form = attempt(() => readForm(found['form'], known.forms));
  if (complaints.length > 0 || !id || !reason || !roles || !count || !ttlMs) return complaints;
  const rule = { policy: id, reason, roles, count, ttlMs, window: window ?? null, form: form ?? null };
  return { id, reason, approval: waits ? rule : null };
}

class Wrong extends Error {
  readonly mend: string;

  constructor(message: string, mend: string) {
    super(message);
    this.mend = mend;
  }
}

type Found = string | null | undefined;

function refuseUnknown(name: string): void {
  // A misspelt @windw would otherwise leave a policy without its window.
  if (!KNOWN.includes(name)) throw new Wrong(`@${name} means nothing here.`, `Known are @${KNOWN.join(', @')}.`);
}

function readId(id: Found): string {
  if (typeof id === 'string' && /^[a-z][a-z0-9-]{0,63}$/.test(id)) return id;
  const message = id ? `"${id}" is no id of a policy.` : 'The policy has no @id.';
  throw new Wrong(message, 'Give it one of lower-case letters, digits and hyphens: @id("freeze-december").');
}

function readReason(reason: Found): string {
  const text = reason?.trim() ?? '';
  if (text === '')
    throw new Wrong('The policy has no @reason.', 'Say in a sentence why: people read it when it decides.');
  if (text.length > 300) throw new Wrong('@reason is longer than 300 characters.', 'Say it in a sentence.');
  return text;
}

function readRoles(text: Found, approvers: readonly string[]): readonly string[] {
  const roles = (text ?? '').split(',').map((role) => role.trim());
  const unknown = roles.filter((role) => !approvers.includes(role));
  if (unknown.length === 0) return [...new Set(roles)];
  const message = text
    ? `@approvers names "${unknown.join('", "')}", which may not approve.`
    : '@approvers is missing.';
  throw new Wrong(message, `Name roles that may agree: @approvers("${approvers.join(',')}").`);
}

function readCount(text: Found): number {
  if (text === undefined) return 1;
  const count = /^\d{1,2}$/.test(text ?? '') ? Number(text) : 0;
  if (count >= 1 && count <= MAX_COUNT) return count;
  throw new Wrong(
    `@count("${text ?? ''}") is no number of people.`,
    `Write a number from 1 to ${MAX_COUNT}: @count("2").`,
  );
}

function readTtl(text: Found): number {
  const [, number = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec((text === undefined ? USUAL_TTL : text) ?? '') ?? [];
  const ms = Number(number) * (UNITS[unit] ?? 0);
  if (ms > 0 && ms <= MAX_TTL_MS) return ms;
  throw new Wrong(`@ttl("${text ?? ''}") is no time.`, 'Write minutes, hours or days, at most 30d: @ttl("4h").');
}

function readWindow(text: Found): string | null {
  if (text === undefined) return null;
  try {
    parseWindow(text ?? '');
  } catch (error) {
    throw new Wrong((error as Error).message, (error as { mend?: string }).mend ?? '');
  }
  return text;
}

function readForm(name: Found, forms: ReadonlySet<string>): string | null {
  if (name === undefined) return null;
  if (name !== null && forms.has(name)) return name;
  throw new Wrong(
    `@form("${name ?? ''}") names no file beside the policies.`,
    'Put a JSON Schema there, under a name that ends in .schema.json.',
  );
}
