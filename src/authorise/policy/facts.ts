import type { Context, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { cleanText } from '#ir/clean.js';
import type { Action, PrincipalFacts, Question, RequestFacts } from '../decision.js';

/** What the engine is asked once. */
export interface CedarRequest {
  readonly principal: TypeAndId;
  readonly action: Action;
  readonly resource: TypeAndId;
  readonly context: Context;
  readonly entities: EntityJson[];
}

const TYPES = { person: 'Person', agent: 'Agent', key: 'Key', machine: 'Machine', system: 'System' } as const;
const REQUEST: TypeAndId = { type: 'Request', id: 'request' };

/** A question in the words of `policies/opsroom.cedarschema`. */
export function cedarRequest(question: Question, approved: boolean): CedarRequest {
  const { action, name } = question;
  const who = principalEntity(question.principal);
  const entities = [who, requestEntity(question.request)];
  const asked = { principal: who.uid as TypeAndId, action, entities };
  if (action === 'use_tool' || action === 'read_secret') {
    const resource = { type: action === 'use_tool' ? 'Tool' : 'Secret', id: cleanText(name ?? '') };
    return { ...asked, resource, context: { approved, request: { __entity: REQUEST } } };
  }
  const signal = action === 'control' && name !== undefined ? { signal: cleanText(name) } : {};
  return { ...asked, resource: REQUEST, context: { approved, ...signal } };
}

/** A schedule or a webhook is the room's own doing to everybody else; to policies it is the agent in whose name it asks. */
function kindOf({ kind, agent }: PrincipalFacts): PrincipalFacts['kind'] {
  return kind === 'system' && agent !== null ? 'agent' : kind;
}

function principalEntity(principal: PrincipalFacts): EntityJson {
  const { by, role, agent, person } = principal;
  const kind = kindOf(principal);
  const id = { person: person ?? by, agent: agent ?? by, key: by, machine: by, system: by }[kind];
  const behind = person === null ? {} : { person: cleanText(person) };
  const attrs = {
    person: { id: cleanText(id), by: cleanText(by) },
    agent: { by: cleanText(by), ...behind, ...(role === null ? {} : { role: cleanText(role) }) },
    key: { by: cleanText(by), ...behind },
    machine: { by: cleanText(by), ...behind },
    system: { by: cleanText(by) },
  }[kind];
  const parents = kind === 'person' && role !== null ? [{ type: 'Role', id: cleanText(role) }] : [];
  return { uid: { type: TYPES[kind], id: cleanText(id) }, attrs, parents };
}

function requestEntity(facts: RequestFacts): EntityJson {
  const attrs = {
    environment: lowered(facts.environment),
    app: cleanText(facts.app),
    branch: plainBranch(facts.branch),
    kind: cleanText(facts.kind),
    title: cleanText(facts.title),
    planDigest: facts.planDigest,
    lane: facts.lane,
    readOnly: facts.readOnly,
    isolated: facts.isolated,
    tools: facts.tools.map(cleanText),
    secrets: facts.secrets.map(cleanText),
    allowAddresses: facts.allowAddresses.map(cleanText),
    ...proposerFacts(facts.proposer),
  };
  return { uid: REQUEST, attrs, parents: [] };
}

function proposerFacts(proposer: PrincipalFacts | null): Record<string, string> {
  if (proposer === null) return {};
  const { by, person, agent } = proposer;
  return {
    proposer: cleanText(by),
    proposerKind: kindOf(proposer),
    ...(person === null ? {} : { proposerPerson: cleanText(person) }),
    ...(agent === null ? {} : { proposerAgent: cleanText(agent) }),
  };
}

/** `Production ` and `production` are one place, and a rule for it must not be got round by a capital letter. */
const lowered = (text: string): string => cleanText(text).trim().toLowerCase();

/** A branch has several spellings (`refs/heads/main`, `origin/main`, `HEAD:main`, `main~0`), and a rule for one means all of them. */
export function plainBranch(text: string): string {
  const [target = ''] = /[^:]*$/.exec(cleanText(text)) ?? [];
  return target
    .trim()
    .replace(/^\+/, '')
    .replace(/(\^|~|@\{).*$/, '')
    .replace(/^(refs\/)?(heads|remotes)\//, '')
    .replace(/^origin\//, '');
}
