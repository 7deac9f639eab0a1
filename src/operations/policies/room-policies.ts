import { join } from 'node:path';
import type { LoadPorts } from '#authorise/policy/load.js';
import { openPolicies, type Policies } from '#authorise/policy/policies.js';
import type { Problem } from '#authorise/policy/problem.js';
import { noteVersion, organisations, type PolicyVersion } from '#authorise/policy/store.js';
import type { Database } from '#db/database.js';
import { permissionsOf, ROLES } from '#identity/permissions.js';
import { cleanJson } from '#ir/clean.js';
import { sha256 } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';
import { compileSchema } from '#ir/json-schema.js';
import type { Clock } from '#kit/clock.js';
import { appendAudit } from '#record/audit-store.js';
import { PACKAGE_FOLDER } from '../examples.js';
import { BY_ITSELF } from '../intents/record.js';
import { namedFolder } from './named-folder.js';

/** The policies that come with the package. */
export const SHIPPED_POLICIES = join(PACKAGE_FOLDER, 'policies');

/** What loading policies asks of the rest of the program. */
export const LOAD_PORTS: LoadPorts = {
  approvers: ROLES.filter((role) => permissionsOf(role).has('approval:give')),
  formProblem: (schema) => {
    try {
      compileSchema(schema);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
};

export interface PolicyPlaces {
  readonly home: string;
  /** What `OPSROOM_POLICIES` names for this process. */
  readonly named: string | undefined;
}

/**
 * The policies of a room. Each set that takes effect is kept with its text, and noted in the audit log of every organisation: as found on
 * the disk of a host by the room itself. Who changed the files is not known here, and whoever started the process need not be it.
 */
export function roomPolicies(
  places: PolicyPlaces,
  database: Database,
  { clock, host }: { clock: Clock; host: string },
): Policies {
  const changed = (version: PolicyVersion) =>
    database.engineTx(async (tx) => {
      const kept = { ...version, files: cleanJson(version.files) as Record<string, string> };
      for (const org of await organisations(tx)) {
        const noted = await noteVersion(tx, org, kept);
        if (noted === undefined) continue;
        const data = { ...entryOf(version, noted.before), found: `on the disk of ${host}` };
        await appendAudit(tx, org, [{ at: clock.now().toISOString(), kind: 'policy.changed', actor: BY_ITSELF, data }]);
      }
    });
  const { home } = places;
  const named = namedFolder(home, places.named);
  return openPolicies({ home, named, ...LOAD_PORTS, shipped: SHIPPED_POLICIES, changed });
}

function entryOf({ digest, folder, files, problems }: PolicyVersion, before: string | null): JsonObject {
  const digests = Object.entries(files).map(([name, text]): [string, string] => [name, sha256(text)]);
  const what = problems.map((problem) => (problem as Problem).message);
  return {
    before,
    after: digest,
    folder,
    files: Object.fromEntries(digests),
    ...(what.length > 0 ? { problems: what } : {}),
  };
}
