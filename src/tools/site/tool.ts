import type { Tool, ToolContract } from '#ir/calls.js';
import { sendsToUrl } from '#sandbox/destinations.js';
import { siteArgsSchema } from './args.js';

const contract: ToolContract = {
  id: 'site',
  summary: 'Looks at a web site page by page, and writes down its design tokens, components and entities.',
  defaultAction: 'survey',
  actions: ['survey'],
  args: siteArgsSchema,
  literal: [],
  sends: sendsToUrl('url'),
  isReadOnly: () => false,
};

/**
 * The `site` tool. It writes `survey.json`, `tokens.json` and `report.md` into a folder of the workspace. Output: `{ run, pages, skipped,
 * bytes, unfinished, tokens, components, entities, files }`: counts, names, and the SHA-256 of each file. No script of the site is executed.
 */
export function siteTool(): Tool {
  return {
    contract,
    run: async (_action, args, context) => (await import('./survey-site.js')).surveySite(args, context),
  };
}
