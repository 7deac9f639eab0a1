import { resolve } from 'node:path';
import { openPolicies, unusable } from '#authorise/policy/policies.js';
import { findHome } from '#db/home.js';
import type { Config } from '#kit/config.js';
import type { Finding } from './finding.js';
import { namedFolder } from './policies/named-folder.js';
import { LOAD_PORTS, SHIPPED_POLICIES } from './policies/room-policies.js';

/** Whether the policies by which the room of this place decides can be used; where they cannot, the file, the line and the mend. */
export async function policiesFinding(config: Config, cwd: string): Promise<Finding> {
  const home = resolve(cwd, await findHome(cwd, config.home));
  const named = namedFolder(home, config.policies);
  const policies = openPolicies({ home, named, shipped: SHIPPED_POLICIES, ...LOAD_PORTS });
  const { folder, shipped, problems } = await policies.describe();
  const finding = { id: 'policies', title: 'Policies', essential: true };
  if (problems.length === 0) return { ...finding, ok: true, found: shipped ? 'those that come with Opsroom' : folder };
  const { what, where, mend } = unusable(folder, problems);
  return { ...finding, ok: false, found: `${what} (${where})`, mend };
}
