import type { Permission, Role } from '#identity/permissions.js';

/** Who may use an operation. What is written here is compared with what the room does; nothing here is read from the code. */
export interface Row {
  /** The people who may; everybody else who has signed in is refused as DENIED. */
  readonly people: readonly Role[];
  /** The scope that a key needs, and the only one that it needs; null: no key may, whatever it holds. */
  readonly scope: Permission | null;
  /** Refusals beyond that, by who asks: `agent` is a key with every scope, made for the agent "gpt". */
  readonly except?: Readonly<Record<string, string>>;
  /**
   * What an owner of another organisation is told who names what is this one's. `nothing`: there is nothing to name, so they work
   * on what is theirs. In each case nothing of this organisation changes, and nothing of it is in the answer.
   */
  readonly elsewhere: 'NOT_FOUND' | 'nothing';
}

const ALL: readonly Role[] = ['owner', 'approver', 'operator', 'viewer'];
const OPERATORS: readonly Role[] = ['owner', 'approver', 'operator'];
const APPROVERS: readonly Role[] = ['owner', 'approver'];
const OWNERS: readonly Role[] = ['owner'];

const lists = { people: ALL, scope: 'run:read', elsewhere: 'nothing' } as const;
const reads = { ...lists, elsewhere: 'NOT_FOUND' } as const;
const starts = { people: OPERATORS, scope: 'run:start', elsewhere: 'nothing' } as const;
const startsNamed = { ...starts, elsewhere: 'NOT_FOUND' } as const;
const controls = { people: OPERATORS, scope: 'run:control', elsewhere: 'NOT_FOUND' } as const;
const proposes = { people: OPERATORS, scope: 'intent:propose', elsewhere: 'nothing' } as const;
const approves = { people: APPROVERS, scope: null, elsewhere: 'NOT_FOUND' } as const;
const triggers = { people: OPERATORS, scope: 'trigger:manage', elsewhere: 'NOT_FOUND' } as const;
const auditReads = { people: APPROVERS, scope: 'audit:read', elsewhere: 'nothing' } as const;
const secrets = { people: OWNERS, scope: 'secret:manage', elsewhere: 'nothing' } as const;
/** Also what starts runs later: nobody has a program do what they may not. */
const makesTrigger = { ...triggers, elsewhere: 'nothing', except: { 'key with trigger:manage': 'DENIED' } } as const;
const administers = { people: OWNERS, scope: 'room:admin', elsewhere: 'nothing' } as const;
const administersNamed = { ...administers, elsewhere: 'NOT_FOUND' } as const;

/** Every operation of the registry has a row; the test says which is missing. */
export const MATRIX: Readonly<Record<string, Row>> = {
  'runboard.get': lists,
  'plans.compile': lists,
  'plans.dryRun': starts,
  'plans.export': lists,
  'plans.draft': proposes,
  'models.calls': lists,
  'documents.add': proposes,
  'documents.list': lists,
  'documents.get': reads,
  'documents.draft': { ...proposes, elsewhere: 'NOT_FOUND' },
  'documents.extract': { ...proposes, elsewhere: 'NOT_FOUND' },
  'templates.list': lists,
  'templates.get': lists,
  'templates.preview': lists,
  'skills.list': lists,
  'skills.get': lists,
  'runs.start': { ...starts, except: { agent: 'DENIED' } }, // the policies as shipped: an agent's steps are isolated
  'runs.rerun': startsNamed,
  'runs.list': lists,
  'runs.get': reads,
  'runs.plan': reads,
  'runs.decisions': reads,
  'runs.replay': reads,
  'plans.diff': reads,
  'runs.step': reads,
  'runs.estimate': reads,
  'runs.logs': reads,
  'runs.logLines': reads,
  'runs.searchLog': reads,
  'runs.cancel': controls,
  'runs.pause': controls,
  'runs.resume': controls,
  'runs.rollback': controls,
  'runs.confirm': controls,
  'runs.answer': { ...controls, scope: null },
  'runs.resolve': controls,
  'runs.archive': controls,
  'runs.unarchive': controls,
  'runs.bulkPreview': lists,
  'runs.bulk': { ...controls, elsewhere: 'nothing' },
  'proofs.export': reads,
  'proofs.verify': reads,
  'proofs.chain': reads,
  'proofs.evidence': reads,
  'dashboard.read': lists,
  'intents.create': proposes,
  'intents.list': lists,
  'intents.get': reads,
  'intents.approve': approves,
  'intents.reject': approves,
  'intents.withdraw': { ...proposes, elsewhere: 'NOT_FOUND' },
  'ai.propose': proposes,
  'ai.intents': lists,
  'ai.intent': reads,
  'ai.status': lists,
  'ai.live': lists,
  'ai.metrics': lists,
  'ai.testOpenai': lists,
  'ai.audit': auditReads,
  'audit.list': auditReads,
  'audit.get': auditReads,
  'audit.head': auditReads,
  'audit.consistency': auditReads,
  'audit.note': { ...administers, scope: 'audit:write' },
  'sessions.create': starts,
  'sessions.list': lists,
  'sessions.get': reads,
  'sessions.rename': startsNamed,
  'sessions.allow': { ...startsNamed, except: { agent: 'DENIED' } },
  'sessions.archive': startsNamed,
  'sessions.unarchive': startsNamed,
  'views.create': lists,
  'views.list': lists,
  'views.delete': reads,
  'keys.create': { ...administers, except: { 'key with room:admin': 'DENIED' } }, // the example gives what it has not
  'keys.list': administers,
  'keys.revoke': administersNamed,
  'secrets.list': secrets,
  // Each organisation has names of its own.
  'secrets.get': { ...secrets, elsewhere: 'NOT_FOUND' },
  'secrets.set': secrets,
  'secrets.bind': { ...secrets, elsewhere: 'NOT_FOUND' },
  'secrets.import': secrets,
  'secrets.export': { ...secrets, scope: null },
  'secrets.remove': { ...secrets, elsewhere: 'NOT_FOUND' },
  'notifications.rules': administers,
  'notifications.create': administers,
  'notifications.update': administersNamed,
  'notifications.remove': administersNamed,
  'notifications.test': administersNamed,
  'notifications.list': administers,
  'notifications.retry': administersNamed,
  'schedules.list': lists,
  'schedules.create': makesTrigger,
  'schedules.get': reads,
  'schedules.update': triggers,
  'schedules.pause': triggers,
  'schedules.resume': triggers,
  'schedules.remove': triggers,
  'schedules.fire': startsNamed,
  'schedules.fires': reads,
  'schedules.preview': lists,
  'webhooks.list': lists,
  'webhooks.create': makesTrigger,
  'webhooks.get': reads,
  'webhooks.update': triggers,
  'webhooks.pause': triggers,
  'webhooks.resume': triggers,
  'webhooks.remove': triggers,
  'webhooks.rotateSecret': triggers,
  'webhooks.deliveries': reads,
  'webhooks.delivery': reads,
  'webhooks.redeliver': startsNamed,
  'mcp.servers': lists,
  // Each is a program of the machine, or an address that secrets go to: for people, no key.
  'mcp.create': { ...administers, scope: null },
  'mcp.tools': lists,
  'mcp.update': { ...administersNamed, scope: null },
  'mcp.enable': { ...administersNamed, scope: null },
  'mcp.disable': administersNamed,
  'mcp.remove': { ...administersNamed, scope: null },
  'mcp.check': { ...administersNamed, scope: null },
  'mcp.signIn': { ...administersNamed, scope: null },
  'mcp.signedIn': { ...administers, scope: null },
  'mcp.signOut': { ...administersNamed, scope: null },
  'mcp.tool': reads,
  // What servers say of their tools is for people to look at.
  'mcp.consent': { ...administersNamed, scope: null },
  'limits.get': lists,
  'limits.update': administers,
  'policies.get': lists,
  'policies.explain': lists,
  'members.list': lists,
  // Nobody gives more than they have: a key never holds what an approver does.
  'members.setRole': { ...administersNamed, scope: null },
  'members.setEmail': administersNamed,
  'members.remove': administersNamed,
  'invitations.create': { ...administers, scope: null },
  'invitations.list': administers,
  'invitations.revoke': administersNamed,
  // Only the user of the machine makes an organisation.
  'organisations.create': { ...administers, people: [], scope: null },
  'organisations.list': lists,
  'organisations.switch': { ...reads, scope: null },
  'ide.allow': administers,
  'ide.open': { ...approves, elsewhere: 'nothing' }, // allowed by the row before
  'ide.list': lists,
  'ide.end': reads,
  'me.get': lists,
  'me.signIns': lists,
  'me.endSignIn': reads,
};
