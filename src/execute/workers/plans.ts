import type { Plan } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import { loadPlan } from '../ledger/store.js';
import type { Sql } from '../sql.js';

const MOST = 50;

/** Plans that were loaded lately. They never change, so what is kept is never stale. */
export class Plans {
  private readonly known = new Map<string, Plan>();

  constructor(private readonly sql: Sql) {}

  /** @throws OpsroomError NOT_FOUND */
  async get(org: string, digest: string): Promise<Plan> {
    const key = `${org}/${digest}`;
    const known = this.known.get(key);
    if (known) return known;
    const plan = await loadPlan(this.sql, org, digest);
    if (!plan)
      throw new OpsroomError('NOT_FOUND', {
        what: 'The plan of the run is not in the ledger.',
        where: digest,
        mend: 'Start it anew from the plan: `opsroom run PLAN`.',
      });
    const [oldest] = this.known.keys();
    if (this.known.size >= MOST && oldest !== undefined) this.known.delete(oldest);
    this.known.set(key, plan);
    return plan;
  }
}
