import { join } from 'node:path';
import { resolveInputs } from '#compile/inputs.js';
import type { Database } from '#db/database.js';
import { openFolders } from '#db/place.js';
import type { Ports, PreconditionVerdict } from '#execute/ports.js';
import { restartOnce } from '#execute/restart.js';
import { findRun } from '#execute/runs/store.js';
import { submitRun } from '#execute/submit.js';
import type { Tool, VerifierKind } from '#ir/calls.js';
import type { JsonValue } from '#ir/json.js';
import { schemaMismatch } from '#ir/json-schema.js';
import type { Plan, Step, Verifier } from '#ir/plan.js';
import { backoffDelayMs } from '#kit/backoff.js';
import { systemClock } from '#kit/clock.js';
import type { Config } from '#kit/config.js';
import { uuidv7 } from '#kit/ids.js';
import { saveArtefact } from '#record/artefact-store.js';
import { keepFile } from '#record/artefacts.js';
import { link } from '#record/chain.js';
import type { SigningKey } from '#record/dsse.js';
import { unsealedRuns } from '#record/seal-store.js';
import { Sealer } from '#record/sealer.js';
import { readRecords } from '#record/store.js';
import { forkSessions, sessionSchema } from '#sandbox/session.js';
import type { RoomSecrets } from '#secrets/room-secrets.js';
import { checkPrecondition } from '#verify/preconditions.js';
import { pacer } from './limits/pace.js';
import { joinSession, sessionOf } from './sessions/store.js';

export interface PortParts {
  readonly config: Config;
  readonly database: Database;
  readonly home: string;
  readonly key: SigningKey;
  readonly version: string;
  readonly secrets: RoomSecrets;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly kinds: ReadonlyMap<Verifier['kind'], VerifierKind>;
}

/** A sweep that finds more finds the rest next time. */
const UNSEALED_AT_ONCE = 100;

/** The engine's needs of other stages, met. */
export function enginePorts(parts: PortParts): Ports {
  const { config, database, home, key, version, tools, kinds } = parts;
  const sealer = new Sealer(database.engine, { key, version, now: () => new Date() });
  const ports: Ports = {
    tools,
    verifiers: kinds,
    schemaMismatch,
    link,
    workspaces: join(home, 'workspaces'),
    openWorkspaces: openFolders(home),
    runFolders: join(home, 'runs'),
    forkRunFolder: (parent, run, taken) =>
      forkSessions(join(home, 'runs', parent), join(home, 'runs', run), sessionPlaces(taken)),
    pace: pacer(database, systemClock),
    clock: systemClock,
    random: Math.random,
    stepEnv: Object.fromEntries(config.stepEnv),
    planEnv: Object.fromEntries(config.planEnv),
    secrets: (org, target) => parts.secrets.of(org, target),
    checkPrecondition: async (precondition, context, secretNames): Promise<PreconditionVerdict> => {
      const {
        ok,
        missing = '',
        mend = '',
      } = await checkPrecondition(precondition, context, { kinds, hasSecret: (name) => secretNames.has(name) });
      return { ok, missing, mend };
    },
    keepArtefacts: async (id, workspace, files, mask) => {
      const kept = await Promise.all(
        files.map((file) => keepFile(workspace, file, { folder: join(home, 'artefacts'), mask })),
      );
      for (const file of kept) await saveArtefact(database.engine, id, file);
      return kept.map(({ name, sha256, size }) => ({ name, sha256, size }));
    },
    seal: (org, run) => sealer.seal(org, run),
    unsealed: () => unsealedRuns(database.engine, UNSEALED_AT_ONCE),
    restart: (org, run) => restartOnce(database, { org, run }, (failed) => restartRun(database, ports, failed)),
  };
  return ports;
}

/** Whether one of the steps has left the state that lies at a place. */
function sessionPlaces(steps: readonly Step[]): (place: { name: string; order: number }) => boolean {
  const places = steps.flatMap(({ args }) => {
    const { success, data } = sessionSchema.safeParse(args['session']);
    return success ? [`${data.name}:${data.order}`] : [];
  });
  const known = new Set(places);
  return ({ name, order }) => known.has(`${name}:${order}`);
}

/** A failed run is started anew, as its plan says: a re-run of what had not been done, later by the plan's backoff. */
async function restartRun(
  database: Database,
  ports: Ports,
  failed: { org: string; run: string; plan: Plan; restart: number },
): Promise<void> {
  const { org, run: id, plan, restart } = failed;
  if (!plan.retry || restart >= plan.retry.maxAttempts) return;
  const run = await findRun(database.engine, org, id);
  if (!run) return;
  const session = await sessionOf(database.engine, org, id);
  const next = uuidv7(ports.clock.now().getTime());
  if (session !== undefined) await joinSession(database.engine, org, next, session);
  await submitRun(database, ports, {
    org,
    id: next,
    plan,
    planDigest: run.plan_digest,
    inputs: resolveInputs(plan, run.inputs),
    requestedBy: run.requested_by,
    host: run.host,
    workspace: run.workspace,
    lane: run.lane,
    priority: run.priority,
    delayMs: backoffDelayMs(plan.retry, restart, ports.random()),
    restart: restart + 1,
    fork: { parent: id },
    approvals: await approvalsOf(database, org, id),
    allowedTools: run.allowed_tools ?? undefined,
  });
}

/** What people agreed to was the plan with its restarts: the run that goes on does so on their word. */
async function approvalsOf(database: Database, org: string, run: string): Promise<readonly JsonValue[]> {
  const [first] = await readRecords(database.engine, { org, run, after: -1, limit: 1 });
  return first?.body.type === 'genesis' ? first.body.approvals : [];
}
