import { cleanText } from '#ir/clean.js';
import { canonicalJson, sha256 } from '#ir/digest.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { AuditFact } from '#record/audit.js';
import type { Operation } from '../operation.js';
import type { Room } from '../room.js';
import { subjectsIn } from './subjects.js';

/** How a call ended, as far as the audit log tells. */
export interface CallEnd {
  /** `ok`, or the code of the refusal. */
  readonly outcome: string;
  readonly output?: unknown;
  readonly ms: number;
  readonly at: Date;
}

/** How much of a question at `/ai/*` is kept. */
const MOST_QUESTION = 1000;

/**
 * A call as an entry of the audit log: who asked, from where, for what, how it ended and how long it took. Kind `call.NAME`; of
 * a question at `/ai/*` that changes nothing `query.NAME`, with the question itself.
 *
 * @param input as it came in; only its digest is kept, and of secrets not even that, since a short one could be guessed from it
 */
export function callFact(operation: Operation, input: unknown, room: Room, end: CallEnd): AuditFact {
  const { name, secretInput, changes, audited } = operation;
  const ok = end.outcome === 'ok';
  const query = !changes && room.origin.channel === 'ai';
  const text = jsonText(input);
  const data: JsonObject = {
    operation: name,
    who: whoAsks(room),
    from: fromWhere(room),
    subjects: subjectsIn(input, ok ? end.output : undefined),
    outcome: end.outcome,
    ms: Math.round(end.ms * 10) / 10,
    ...(text === undefined || secretInput || query ? {} : { input: sha256(text) }),
    ...(query ? { question: text ?? '' } : {}),
    ...(ok && typeof audited === 'function' ? present({ ...audited(input, end.output) }) : {}),
  };
  return { at: end.at.toISOString(), kind: `${query ? 'query' : 'call'}.${name}`, actor: room.by, data };
}

/** A question is free text: what it holds of the room's secrets is masked, and where that cannot be done it is left out. */
export async function withoutSecrets(fact: AuditFact, room: Room): Promise<AuditFact> {
  const { question, ...data } = fact.data;
  if (typeof question !== 'string') return fact;
  try {
    const { mask } = await room.ports.secrets(room.org, {});
    // Half of an emoji at the cut has no canonical form: the entry could not be written, nor those that go with it.
    return { ...fact, data: { ...data, question: cleanText(mask.text(question).slice(0, MOST_QUESTION)) } };
  } catch {
    return { ...fact, data };
  }
}

/** Who asks, as the room knows it. */
export function whoAsks({ principal: { kind, person, role, agent, key, ide } }: Room): JsonObject {
  return present({ kind, person, role, agent, key, ide });
}

/** From where a request came, and what it told of itself. */
export function fromWhere({ origin: { door, address, client } }: Room): JsonObject {
  return present({ door, address, client });
}

function present(members: Readonly<Record<string, string | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Undefined for what has no canonical form. */
function jsonText(value: unknown): string | undefined {
  try {
    return canonicalJson(JSON.parse(JSON.stringify(value ?? null)) as JsonValue);
  } catch {
    return undefined;
  }
}
