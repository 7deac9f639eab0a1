import { foreignService } from '#identity/credential.js';
import type { JsonObject } from '#ir/json.js';

/** Members of an input that refer to something of the room; their values are names and ids. */
const REFERENCES = new Set([
  'agent',
  'approval',
  'chain',
  'delivery',
  'environment',
  'intent',
  'invitation',
  'key',
  'lane',
  'member',
  'name',
  'person',
  'policy',
  'role',
  'rule',
  'run',
  'schedule',
  'secret',
  'session',
  'signIn',
  'step',
  'target',
  'view',
  'webhook',
]);
/** What an operation answers about: `runId`, `keyId`. Ids are made here, so they are no secret and no text of strangers. */
const ANSWERED_ID = /^[a-z][A-Za-z]*Id$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Somebody may paste a key where its name is asked: what looks like one is not kept. */
const CREDENTIAL = /^ops[a-z]_|[A-Za-z0-9_-]{32,}$/;
const LONGEST = 120;
const MOST_LISTED = 20;

/**
 * What a call was about: the references of its input, and the ids and digests of its answer.
 *
 * @param output undefined when there is none
 */
export function subjectsIn(input: unknown, output: unknown): JsonObject {
  const asked = members(input).flatMap(([name, value]): [string, string | string[]][] => {
    if (name === 'runs' && Array.isArray(value)) return [[name, value.filter(isId).slice(0, MOST_LISTED)]];
    return REFERENCES.has(name) && isReference(value) ? [[name, value]] : [];
  });
  const answered = members(output).filter(
    (member): member is [string, string] => ANSWERED_ID.test(member[0]) && isId(member[1]),
  );
  const digest = members(output).filter((member): member is [string, string] => isDigest(...member));
  return Object.fromEntries([...asked, ...answered, ...digest]);
}

const members = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
const isDigest = (name: string, value: unknown): boolean =>
  /^[a-z][A-Za-z]*Digest$/.test(name) && typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

function isReference(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST || /[\p{Cc}\p{Cs}]/u.test(value)) return false;
  return isId(value) || (!CREDENTIAL.test(value) && foreignService(value) === undefined);
}
