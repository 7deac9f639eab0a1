import { z } from 'zod';
import { consent, latestTools } from '#catalog/mcp/tool-store.js';
import { didYouMean } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { note } from '../triggers/note.js';
import { serverReference } from './form.js';
import { requirePerson } from './person.js';
import { requireServer } from './read.js';
import { shownTool, toolView } from './view.js';

const wanted = z.strictObject({
  name: z.string().min(1).max(128),
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'give the digest of the definition that you have looked at'),
});

export const consentToTools = operation({
  name: 'mcp.consent',
  summary:
    'Consent to tools of an MCP server as they are now, each by the digest of the definition that was looked at. Only people do, no key.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({ server: serverReference, tools: z.array(wanted).min(1).max(1000) }),
  output: z.object({ tools: z.array(toolView) }),
  run: async ({ server, tools }, room) => {
    requirePerson(room, 'what an MCP server says of its tools');
    return room.database.engineTx(async (tx) => {
      const row = await requireServer(tx, room, server, true);
      requireAsSeen(tools, await latestTools(tx, room.org, row.id));
      const names = new Set(await consent(tx, room.org, row.id, tools, room));
      const data = { server: row.id, name: row.name, tools: tools.filter(({ name }) => names.has(name)) };
      if (names.size > 0) await note(tx, room, 'mcp.tools_consented', data);
      const now = await latestTools(tx, room.org, row.id);
      const asked = new Set(tools.map(({ name }) => name));
      return { tools: now.filter(({ name }) => asked.has(name)).map((tool) => shownTool(tool, row.name)) };
    });
  },
});

/** @throws OpsroomError NOT_FOUND; NOT_ALLOWED_NOW for one that is another than was looked at */
function requireAsSeen(
  wanted: readonly { readonly name: string; readonly digest: string }[],
  known: readonly { readonly name: string; readonly digest: string }[],
): void {
  const digests = new Map(known.map(({ name, digest }) => [name, digest]));
  for (const { name, digest } of wanted) {
    const now = digests.get(name);
    if (now === digest) continue;
    if (now === undefined) {
      const mend = didYouMean(name, [...digests.keys()]);
      throw new OpsroomError('NOT_FOUND', { what: 'There is no such tool.', where: name, mend });
    }
    const mend = 'Look at it again, and consent to what it says now.';
    throw new OpsroomError('NOT_ALLOWED_NOW', {
      what: 'The tool is another than the one that was looked at.',
      where: name,
      mend,
    });
  }
}
