import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Settings } from '../blocks/settings.js';

/** A finished step, isolated as the front matter says, and so is each step that takes it back, where a shell runs anything of it. */
export function isolated(step: JsonObject, sandbox: Settings['sandbox']): JsonObject {
  if (sandbox === undefined) return step;
  const own = runsShell(step) ? { ...step, sandbox: { ...sandbox } } : step;
  const { rollback } = step;
  return Array.isArray(rollback)
    ? { ...own, rollback: rollback.map((one) => isolated(one as JsonObject, sandbox)) }
    : own;
}

/** Its own script, or one of a check or a precondition: what asks a database may be looked at by a shell. */
function runsShell({ tool, verifiers, preconditions }: JsonObject): boolean {
  return tool === 'shell' || [verifiers, preconditions].some((checks) => Array.isArray(checks) && checks.some(isShell));
}

function isShell(check: JsonValue): boolean {
  return typeof check === 'object' && check !== null && 'kind' in check && check['kind'] === 'shell';
}
