import type { Tool, ToolContract } from '#ir/calls.js';
import { odooArgsSchema } from './args.js';

const contract: ToolContract = {
  id: 'odoo',
  summary: 'Writes an addon for Odoo 19: models with fields, views, access rights and tests.',
  defaultAction: 'addon',
  actions: ['addon'],
  args: odooArgsSchema as unknown as ToolContract['args'],
  literal: [],
  isReadOnly: () => false,
};

/**
 * The `odoo` tool. It writes an addon into a folder of the workspace: all of it or nothing, and over nothing that is there. Output:
 * `{ path, models, files: { NAME: sha256 }, changed }`.
 */
export function odooTool(): Tool {
  return { contract, run: async (_action, args, context) => (await import('./scaffold.js')).scaffold(args, context) };
}
