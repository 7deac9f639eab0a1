import { join } from 'node:path';
import { didYouMean } from '#ir/suggest.js';
import { type Config, loadConfig } from '#kit/config.js';
import { OpsroomError } from '#kit/errors.js';
import { PACKAGE_FOLDER } from '#operations/examples.js';
import { locateHome } from '#operations/maintain.js';
import type { Call } from '../command.js';
import { whereServed } from '../where-served.js';
import { clientConfig, MCP_CLIENTS, type McpClient, type Way } from './config.js';

/** Of this installation, wherever the link lies by which it was called. */
const PROGRAM = join(PACKAGE_FOLDER, 'bin', 'opsroom.mjs');

/** `opsroom mcp config CLIENT`. JSON: `{ client, file, text }`. @throws OpsroomError USAGE */
export async function printConfig({ args: [, name], command, output }: Call): Promise<number> {
  const client = clientOf(name);
  const { http = false } = command.opts<{ http?: true }>();
  const config = loadConfig();
  const home = await locateHome(config, process.cwd());
  const { file, text } = clientConfig(client, http ? await overHttp(config, home) : overStdio(home));
  output.note(`For ${file}:`);
  if (output.json) output.result({ client, file, text });
  else output.raw(text);
  const without = http ? '' : ', and without one as you';
  output.note(`It asks with the key in OPSROOM_API_KEY${without}. Make one for it with: opsroom ${keyCommand(client)}`);
  return 0;
}

const keyCommand = (client: McpClient): string =>
  `keys create --name ${client} --agent ${client} --scope run:read,run:start,run:control,intent:propose`;

function clientOf(name: string | undefined): McpClient {
  const found = MCP_CLIENTS.find((client) => client === name);
  if (found) return found;
  throw new OpsroomError('USAGE', {
    what: name === undefined ? 'Of which client?' : `The settings of "${name.slice(0, 100)}" are not known.`,
    mend: didYouMean(name ?? '', MCP_CLIENTS),
  });
}

/** By absolute paths: the PATH and the folder of whoever starts it may be others. */
function overStdio(home: string): Way {
  return { kind: 'stdio', command: [process.execPath, PROGRAM, 'mcp', 'serve'], home };
}

/** @throws OpsroomError USAGE when the room does not run */
async function overHttp(config: Config, home: string): Promise<Way> {
  return { kind: 'http', url: `${await whereServed({ config, room: { home } })}/mcp` };
}
