import { OpsroomError } from '#kit/errors.js';
import type { Operation } from '#operations/operation.js';
import { OPERATIONS } from '#operations/registry.js';

/** How a use case is reached over HTTP. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** `/v1/runs/{run}`: what stands in braces is a member of the operation's input. */
  readonly path: string;
  /** Where the other members of the input come from: those of a GET from the query. */
  readonly rest: 'query' | 'body';
  /** A member of the input that comes in a header. */
  readonly header?: { readonly name: string; readonly member: string };
  /** 201 when it makes something, whose place `made` tells from the output. */
  readonly status: 200 | 201;
  readonly made?: (output: never) => string;
  /** How large the body may be. */
  readonly maxBytes: number;
}

/** Enough for anything but plans. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** The largest plan is 8 MiB of text; written as a JSON string it may double. */
const MAX_PLAN_BYTES = 16 * 1024 * 1024;

/** 20 MiB in base64. */
const MAX_DOCUMENT_BYTES = 28 * 1024 * 1024;

const get = (path: string): Route => ({ method: 'GET', path, rest: 'query', status: 200, maxBytes: 0 });
const post = (path: string, more: Partial<Route> = {}): Route => ({
  method: 'POST',
  path,
  rest: 'body',
  status: 200,
  maxBytes: MAX_BODY_BYTES,
  ...more,
});
const plan = { maxBytes: MAX_PLAN_BYTES };
const makesRun = { status: 201, made: ({ runId }: { runId: string }) => `/v1/runs/${runId}` } as const;

/** Name of an operation → its route. A test asserts that each operation has one. */
export const ROUTES: Readonly<Record<string, Route>> = {
  'runboard.get': get('/v1/runboard'),
  'plans.compile': post('/v1/plans/compile', plan),
  'plans.dryRun': post('/v1/plans/dry-run', plan),
  'plans.export': post('/v1/plans/export', plan),
  'plans.draft': post('/v1/plans/draft'),
  'models.calls': get('/v1/model-calls'),
  'documents.add': post('/v1/documents', { status: 201, maxBytes: MAX_DOCUMENT_BYTES }),
  'documents.list': get('/v1/documents'),
  'documents.get': get('/v1/documents/{document}'),
  'documents.draft': post('/v1/documents/{document}/draft'),
  'documents.extract': post('/v1/documents/{document}/requirements'),
  'templates.list': get('/v1/templates'),
  'templates.get': get('/v1/templates/{template}'),
  'templates.preview': post('/v1/templates/{template}/preview'),
  'skills.list': get('/v1/skills'),
  'skills.get': get('/v1/skills/{skill}'),
  'runs.start': post('/v1/runs', {
    ...plan,
    ...makesRun,
    header: { name: 'Idempotency-Key', member: 'idempotencyKey' },
  }),
  'plans.diff': post('/v1/plans/diff'),
  'runs.list': get('/v1/runs'),
  'runs.get': get('/v1/runs/{run}'),
  'runs.plan': get('/v1/runs/{run}/plan'),
  'runs.decisions': get('/v1/runs/{run}/decisions'),
  'runs.replay': get('/v1/runs/{run}/replay'),
  'runs.step': get('/v1/runs/{run}/steps/{step}'),
  'runs.estimate': get('/v1/runs/{run}/estimate'),
  'runs.logs': get('/v1/runs/{run}/logs'),
  'runs.logLines': get('/v1/runs/{run}/logs/lines'),
  'runs.searchLog': get('/v1/runs/{run}/logs/search'),
  'runs.rerun': post('/v1/runs/{run}/rerun', makesRun),
  'runs.cancel': post('/v1/runs/{run}/cancel'),
  'runs.pause': post('/v1/runs/{run}/pause'),
  'runs.resume': post('/v1/runs/{run}/resume'),
  'runs.rollback': post('/v1/runs/{run}/rollback'),
  'runs.answer': post('/v1/runs/{run}/answer'),
  'runs.confirm': post('/v1/runs/{run}/confirm'),
  'runs.resolve': post('/v1/runs/{run}/resolve'),
  'runs.archive': post('/v1/runs/{run}/archive'),
  'runs.unarchive': post('/v1/runs/{run}/unarchive'),
  'runs.bulkPreview': post('/v1/runs/bulk/preview'),
  'runs.bulk': post('/v1/runs/bulk'),
  'proofs.export': get('/v1/runs/{run}/proof'),
  'proofs.verify': get('/v1/runs/{run}/proof/verification'),
  'proofs.chain': get('/v1/runs/{run}/chain'),
  'proofs.evidence': get('/v1/evidence/{digest}'),
  'dashboard.read': get('/v1/dashboard'),
  'policies.get': get('/v1/policies'),
  'policies.explain': post('/v1/policies/explain', plan),
  'intents.create': post('/v1/intents', {
    ...plan,
    header: { name: 'Idempotency-Key', member: 'idempotencyKey' },
    status: 201,
    made: ({ intentId }: { intentId: string }) => `/v1/intents/${intentId}`,
  }),
  'intents.list': get('/v1/intents'),
  'intents.get': get('/v1/intents/{intent}'),
  'intents.approve': post('/v1/intents/{intent}/approve'),
  'intents.reject': post('/v1/intents/{intent}/reject'),
  'intents.withdraw': post('/v1/intents/{intent}/withdraw'),
  'ai.propose': post('/ai/intents', { status: 201, made: ({ id }: { id: string }) => `/ai/intents/${id}` }),
  'ai.intents': get('/ai/intents'),
  'ai.intent': get('/ai/intents/{id}'),
  'audit.list': get('/v1/audit'),
  'audit.head': get('/v1/audit/head'),
  'audit.consistency': get('/v1/audit/consistency'),
  'audit.get': get('/v1/audit/entries/{seq}'),
  'ai.status': get('/ai/status'),
  'ai.live': get('/ai/live'),
  'ai.metrics': get('/ai/metrics'),
  'ai.audit': get('/ai/audit'),
  'audit.note': post('/ai/audit', { status: 201 }),
  'ai.testOpenai': get('/ai/test/openai'),
  'sessions.create': post('/v1/sessions', {
    status: 201,
    made: ({ sessionId }: { sessionId: string }) => `/v1/sessions/${sessionId}`,
  }),
  'sessions.list': get('/v1/sessions'),
  'sessions.get': get('/v1/sessions/{session}'),
  'sessions.rename': post('/v1/sessions/{session}/rename'),
  'sessions.allow': post('/v1/sessions/{session}/allow'),
  'sessions.archive': post('/v1/sessions/{session}/archive'),
  'sessions.unarchive': post('/v1/sessions/{session}/unarchive'),
  'views.create': post('/v1/views', { status: 201 }),
  'views.list': get('/v1/views'),
  'views.delete': post('/v1/views/{view}/delete'),
  'keys.create': post('/v1/keys', { status: 201 }),
  'keys.list': get('/v1/keys'),
  'keys.revoke': post('/v1/keys/{key}/revoke'),
  'secrets.list': get('/v1/secrets'),
  'secrets.get': get('/v1/secrets/{name}'),
  'secrets.set': post('/v1/secrets', { status: 201 }),
  'secrets.bind': post('/v1/secrets/{name}/hosts'),
  'secrets.import': post('/v1/secrets/import'),
  'secrets.export': post('/v1/secrets/export'),
  'secrets.remove': post('/v1/secrets/{name}/remove'),
  'notifications.rules': get('/v1/notification-rules'),
  'notifications.create': post('/v1/notification-rules', { status: 201 }),
  'notifications.update': post('/v1/notification-rules/{rule}'),
  'notifications.remove': post('/v1/notification-rules/{rule}/remove'),
  'notifications.test': post('/v1/notification-rules/{rule}/test'),
  'notifications.list': get('/v1/notifications'),
  'notifications.retry': post('/v1/notifications/{notification}/retry'),
  'schedules.list': get('/v1/schedules'),
  'schedules.create': post('/v1/schedules', { ...plan, status: 201 }),
  'schedules.preview': get('/v1/schedules/preview'),
  'schedules.get': get('/v1/schedules/{schedule}'),
  'schedules.update': post('/v1/schedules/{schedule}', plan),
  'schedules.pause': post('/v1/schedules/{schedule}/pause'),
  'schedules.resume': post('/v1/schedules/{schedule}/resume'),
  'schedules.remove': post('/v1/schedules/{schedule}/remove'),
  'schedules.fire': post('/v1/schedules/{schedule}/fire'),
  'schedules.fires': get('/v1/schedules/{schedule}/fires'),
  'members.list': get('/v1/members'),
  'members.setRole': post('/v1/members/{member}/role'),
  'members.setEmail': post('/v1/members/{member}/email'),
  'members.remove': post('/v1/members/{member}/remove'),
  'invitations.create': post('/v1/invitations', { status: 201 }),
  'invitations.list': get('/v1/invitations'),
  'invitations.revoke': post('/v1/invitations/{invitation}/revoke'),
  'organisations.create': post('/v1/organisations', { status: 201 }),
  'organisations.list': get('/v1/organisations'),
  'organisations.switch': post('/v1/organisations/{organisation}/switch'),
  'webhooks.list': get('/v1/webhooks'),
  'webhooks.create': post('/v1/webhooks', { ...plan, status: 201 }),
  'webhooks.get': get('/v1/webhooks/{webhook}'),
  'webhooks.update': post('/v1/webhooks/{webhook}', plan),
  'webhooks.pause': post('/v1/webhooks/{webhook}/pause'),
  'webhooks.resume': post('/v1/webhooks/{webhook}/resume'),
  'webhooks.remove': post('/v1/webhooks/{webhook}/remove'),
  'webhooks.rotateSecret': post('/v1/webhooks/{webhook}/rotate-secret'),
  'webhooks.deliveries': get('/v1/webhooks/{webhook}/deliveries'),
  'webhooks.delivery': get('/v1/webhooks/{webhook}/deliveries/{delivery}'),
  'webhooks.redeliver': post('/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver'),
  'mcp.servers': get('/v1/mcp/servers'),
  'mcp.create': post('/v1/mcp/servers', { status: 201 }),
  'mcp.tools': get('/v1/mcp/tools'),
  'mcp.update': post('/v1/mcp/servers/{server}'),
  'mcp.enable': post('/v1/mcp/servers/{server}/enable'),
  'mcp.disable': post('/v1/mcp/servers/{server}/disable'),
  'mcp.remove': post('/v1/mcp/servers/{server}/remove'),
  'mcp.check': post('/v1/mcp/servers/{server}/check'),
  'mcp.signIn': post('/v1/mcp/servers/{server}/sign-in'),
  'mcp.signedIn': post('/v1/mcp/sign-ins'),
  'mcp.signOut': post('/v1/mcp/servers/{server}/sign-out'),
  'mcp.tool': get('/v1/mcp/servers/{server}/tools/{tool}'),
  'mcp.consent': post('/v1/mcp/servers/{server}/consent'),
  'limits.get': get('/v1/limits'),
  'limits.update': post('/v1/limits'),
  'ide.open': post('/v1/ide-sessions', { status: 201 }),
  'ide.list': get('/v1/ide-sessions'),
  'ide.end': post('/v1/ide-sessions/{ideSession}/end'),
  'ide.allow': post('/v1/ide-sessions/allow'),
  'me.get': get('/v1/me'),
  'me.signIns': get('/v1/me/sign-ins'),
  'me.endSignIn': post('/v1/me/sign-ins/{signIn}/end'),
};

export interface Routed {
  readonly operation: Operation;
  readonly route: Route;
}

/** Every operation with its route, in the registry's order. */
export function routed(): Routed[] {
  return OPERATIONS.map((operation) => {
    const route = ROUTES[operation.name];
    if (!route) throw new OpsroomError('INTERNAL', { what: 'The operation has no route.', where: operation.name });
    return { operation, route };
  });
}

/** The members of the input that a path holds. */
export const pathMembers = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
