import { sleep } from '#kit/clock.js';
import { type Config, loadConfig } from '#kit/config.js';
import { OpsroomError } from '#kit/errors.js';
import { localCredential } from '#operations/enter.js';
import { locateHome } from '#operations/maintain.js';
import { type Served, serve as serveRoom } from '#server/serve.js';
import { findServing, reachable } from '#server/serving.js';
import type { Call } from '../command.js';
import type { Output } from '../output.js';
import { withRoom } from '../session.js';
import { aborted, listenForStop, type Stopping } from '../stopping.js';
import { bridge } from './bridge.js';

const PORT = 4310;
const LOOK_AGAIN_MS = 100;
const STARTS_WITHIN_MS = 60_000;
/** A message may hold a plan. */
const MOST_BYTES = 20 * 1024 * 1024;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** A room that answers: where, and with what key. */
interface Upstream {
  readonly url: string;
  readonly key: string;
}

/**
 * `opsroom mcp serve`: an MCP server on stdin and stdout, for a program that starts it. It passes what it is asked on to the room
 * that runs, and where none runs it is that room itself until its client leaves. Nothing but the protocol goes to stdout.
 */
export async function serve({ command, output }: Call): Promise<number> {
  const config = loadConfig();
  const { url } = command.opts<{ url?: string }>();
  const stopping = listenForStop();
  const own = new OwnRoom(config, stopping, output);
  const open = url === undefined ? () => upstreamHere(config, own) : () => Promise.resolve(elsewhere(config, url));
  try {
    await open(); // before the client asks for anything: what is wrong shows at once, in its log
    const [{ StdioServerTransport }, { StreamableHTTPClientTransport }] = await Promise.all([
      import('@modelcontextprotocol/server/stdio'),
      import('@modelcontextprotocol/client'),
    ]);
    const near = new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize: MOST_BYTES });
    stopping.asked.addEventListener('abort', () => void near.close(), { once: true });
    await bridge({
      near,
      note: (text) => output.note(text),
      open: async () => {
        const { url: at, key } = await open();
        const requestInit = { headers: { authorization: `Bearer ${key}` } };
        return new StreamableHTTPClientTransport(new URL(at), { requestInit });
      },
    });
    return 0;
  } finally {
    await own.close();
    stopping.dispose();
  }
}

/** The key of the client's settings. @throws OpsroomError USAGE when it left the name of a variable in its place */
function keyOf({ apiKey }: Pick<Config, 'apiKey'>): string | undefined {
  if (apiKey?.startsWith('${') !== true) return apiKey;
  throw new OpsroomError('USAGE', {
    what: 'OPSROOM_API_KEY holds the name of a variable in place of a key: the variable is not set.',
    mend: 'Set it for the program that starts this one, or take OPSROOM_API_KEY out of its settings to ask as yourself.',
  });
}

/** A room on another machine. @throws OpsroomError USAGE */
export function elsewhere(config: Pick<Config, 'apiKey'>, url: string): Upstream {
  const at = URL.canParse(url) ? new URL(url) : undefined;
  const key = keyOf(config);
  const mend = 'Name it like https://ops.example, with a key of it in OPSROOM_API_KEY.';
  if (!at || !['http:', 'https:'].includes(at.protocol)) {
    throw new OpsroomError('USAGE', { what: 'That is no address of a room.', where: '--url', mend });
  }
  if (at.protocol === 'http:' && !LOOPBACK.test(at.hostname)) {
    throw new OpsroomError('USAGE', { what: 'The key would travel in clear.', where: '--url', mend });
  }
  if (key === undefined) throw new OpsroomError('USAGE', { what: 'A room elsewhere asks for a key.', mend });
  return { url: new URL('/mcp', at).href, key };
}

/** The room of this folder: the one that runs, or else one of our own. @throws OpsroomError */
async function upstreamHere(config: Config, own: OwnRoom): Promise<Upstream> {
  const given = keyOf(config);
  const home = await locateHome(config, process.cwd());
  for (let waitedMs = 0; waitedMs < STARTS_WITHIN_MS; waitedMs += LOOK_AGAIN_MS) {
    const serving = await findServing(home);
    if (!serving) await own.open();
    else if (serving.port !== 0) {
      const host = serving.host.includes(':') ? `[${serving.host}]` : serving.host;
      const key = given ?? (await localCredential(home));
      return { url: `${reachable(`http://${host}:${serving.port}`)}/mcp`, key };
    } else await sleep(LOOK_AGAIN_MS);
  }
  throw new OpsroomError('DATA_DIR_IN_USE', { what: 'The room here does not finish starting.', where: home });
}

/** The room as this process serves it, while no other does. */
class OwnRoom {
  private readonly ended = new AbortController();
  private working: Promise<void> | undefined;

  constructor(
    private readonly config: Config,
    private readonly stopping: Stopping,
    private readonly output: Output,
  ) {}

  /** Serves it. Another process that was faster is no error: it is looked for next. @throws OpsroomError */
  async open(): Promise<void> {
    if (this.working) throw new OpsroomError('DATA_DIR_IN_USE', { what: 'The room of this process has ended.' });
    await new Promise<void>((resolve, reject) => {
      this.working = withRoom(async (session) => {
        const served = await this.listen(session);
        this.output.note(`The room is up for as long as this client is there: ${served.browserUrl}`);
        resolve();
        await aborted(AbortSignal.any([this.ended.signal, served.failure]));
        await served.close(this.stopping.hurry);
      }).catch((error: unknown) => {
        this.working = undefined;
        if (error instanceof OpsroomError && error.code === 'DATA_DIR_IN_USE') resolve();
        else reject(error);
      });
    });
  }

  /** Lets running steps finish, as a room that is told to stop does. */
  async close(): Promise<void> {
    this.ended.abort();
    await this.working;
  }

  /** At the usual port, where people look for it; at any other when it is taken. */
  private async listen(session: Parameters<Parameters<typeof withRoom>[0]>[0]): Promise<Served<undefined>> {
    const at = { config: this.config, host: '127.0.0.1', prepare: () => Promise.resolve(undefined) };
    try {
      return await serveRoom(session, { ...at, port: PORT });
    } catch (error) {
      if (!(error instanceof OpsroomError) || error.code !== 'PORT_IN_USE') throw error;
      return serveRoom(session, { ...at, port: 0 });
    }
  }
}
