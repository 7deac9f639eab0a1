import type { Contracts } from '#compile/contracts.js';
import type { JsonObject } from '#ir/json.js';
import type { Step } from '#ir/plan.js';

/** Whether a step that does not say so is known to change nothing: by its tool, or by what its script, statements or address say. */
export async function onlyLooks({ tool, action, args }: Step, tools: Contracts['tools']): Promise<boolean> {
  if (tool === 'shell') return scriptLooks(args['run']);
  if (tool === 'sql' && action === 'execute') return statementsLook(args['query']);
  const contract = tool === undefined ? undefined : tools.get(tool);
  if (contract?.isReadOnly(action ?? contract.defaultAction, args) !== true) return false;
  return tool !== 'http' || !(await addressActs(args['url']));
}

type Given = JsonObject[string] | undefined;

async function scriptLooks(script: Given): Promise<boolean> {
  if (typeof script !== 'string') return false;
  const [{ isReading }, { loadShellGrammar, shellFacts }] = await Promise.all([
    import('#compile/runbook/blocks/work.js'),
    import('#compile/shell/parse.js'),
  ]);
  return isReading(shellFacts(script, await loadShellGrammar()));
}

async function statementsLook(sql: Given): Promise<boolean> {
  const { isReadOnlySql } = await import('#compile/shell/judge/sql.js');
  return typeof sql === 'string' && isReadOnlySql(sql);
}

/** `…?action=restart` does something though it only gets. */
async function addressActs(url: Given): Promise<boolean> {
  const { getChanges } = await import('#compile/shell/judge/requests.js');
  return typeof url !== 'string' || getChanges([url]);
}
