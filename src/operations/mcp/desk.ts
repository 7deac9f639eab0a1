import { requireBounded } from '#catalog/mcp/bounds.js';
import { reconcile } from '#catalog/mcp/reconcile.js';
import { findServer, noteLook, type ServerRow } from '#catalog/mcp/server-store.js';
import { consentedDefinitions, keepLook, latestTools } from '#catalog/mcp/tool-store.js';
import type { Database } from '#db/database.js';
import type { Ports } from '#execute/ports.js';
import { type McpToolDefinition, readDefinition, secretsOfConnection, withSecrets } from '#ir/mcp.js';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import { appendAudit } from '#record/audit-store.js';
import { urlDestination } from '#sandbox/destinations.js';
import { McpLink } from '#tools/mcp/connection.js';
import { type ProgramOptions, reachOf } from '#tools/mcp/reach.js';
import { makeScratch } from '#tools/shell/scratch.js';
import type { McpSignIns } from './sign-ins.js';

export interface DeskParts {
  readonly database: Database;
  readonly ports: Pick<Ports, 'secrets' | 'stepEnv' | 'clock'>;
  /** What servers that are programs may use and see. */
  readonly options: ProgramOptions;
  readonly version: string;
  readonly signIns: Pick<McpSignIns, 'bearer'>;
}

/** A connection for looking, and what goes with it. */
export interface Watched {
  readonly link: McpLink;
  readonly revision: number;
  close(): Promise<void>;
}

const LOOK_MS = 15_000;
/** As the requirements have it. */
const EVERY_S = 300;
/** One that failed may only be starting. */
const AGAIN_S = 30;

/** Looks at MCP servers: whether they answer, and what tools they say they have. */
export class McpDesk {
  constructor(private readonly parts: DeskParts) {}

  /** Looks once, and leaves no connection behind. What the server does wrong is noted, not thrown. */
  async lookOnce(row: ServerRow): Promise<void> {
    const watched = await this.look(row, undefined, () => undefined);
    await watched?.close();
  }

  /**
   * Looks over a connection that is kept, or a new one. What the server does wrong is noted, not thrown.
   * @returns the connection, to be kept or closed; undefined when there is none
   */
  async look(row: ServerRow, held: Watched | undefined, listChanged: () => void): Promise<Watched | undefined> {
    const { clock, secrets } = this.parts.ports;
    const began = clock.monotonicMs();
    let watched = held;
    try {
      watched ??= await this.open(row, listChanged);
      const listed = await watched.link.list(AbortSignal.timeout(LOOK_MS));
      requireBounded(listed);
      await this.keep(row, listed, { took: clock.monotonicMs() - began, facts: watched.link.facts });
      return watched;
    } catch (error) {
      await watched?.close();
      const { mask } = await secrets(row.org, {});
      const { code, message } = asOpsroomError(error, 'MCP_FAILED');
      await this.failed(row, { code, message: mask.text(message).slice(0, 2000) }, clock.monotonicMs() - began);
      return undefined;
    }
  }

  /** @throws OpsroomError MCP_UNAVAILABLE, MCP_FAILED, UNREACHABLE, ADDRESS_REFUSED */
  private async open(row: ServerRow, listChanged: () => void): Promise<Watched> {
    const { ports, options, version, signIns } = this.parts;
    const secrets = await ports.secrets(row.org, {});
    const { values } = secrets;
    const names = secretsOfConnection(row.connection);
    const absent = names.find((name) => values[name] === undefined);
    if (absent !== undefined) {
      const mend = `Set it: \`opsroom secrets set ${absent}\`.`;
      throw new OpsroomError('MCP_UNAVAILABLE', { what: `There is no secret "${absent}".`, mend });
    }
    const scratch = makeScratch(row.sandbox.level);
    const ground = {
      folder: scratch.folder,
      home: scratch.home,
      env: ports.stepEnv,
      isolation: row.sandbox,
      allowAddresses: [],
      bearer: await signIns.bearer(row.org, row),
    };
    try {
      const reach = reachOf(
        withSecrets(row.connection, (name) => values[name]),
        ground,
        options,
      );
      if (reach.kind === 'remote')
        await secrets.admit({ server: row.name }, names, urlDestination(reach.connection.url));
      const signal = AbortSignal.timeout(LOOK_MS);
      const link = await McpLink.open({ reach, version, legacy: false, signal, listChanged });
      const close = () => link.close().finally(() => scratch.remove());
      return { link, revision: row.revision, close };
    } catch (error) {
      scratch.remove();
      throw error;
    }
  }

  private async keep(
    row: ServerRow,
    listed: readonly Readonly<Record<string, unknown>>[],
    { took, facts }: { took: number; facts: McpLink['facts'] },
  ): Promise<void> {
    const read = listed.map(readDefinition);
    const usable = read.filter((one): one is McpToolDefinition => !('refused' in one));
    await this.parts.database.engineTx(async (tx) => {
      const now = await findServer(tx, row.org, row.id, true);
      // Configured otherwise, or removed, while it was looked at.
      if (now?.revision !== row.revision) return;
      const look = reconcile({
        known: await latestTools(tx, row.org, row.id),
        consented: await consentedDefinitions(tx, row.org, row.id),
        listed: usable,
        isFirst: now.firstLookAt === null,
        byPerson: row.changedByPerson,
      });
      await keepLook(tx, row.org, row.id, look, row.changedBy);
      await noteLook(tx, row.org, row.id, { revision: row.revision, nextS: EVERY_S, tookMs: took, facts });
      const flagged = look.fresh.filter(({ flags }) => flags.length > 0);
      if (flagged.length === 0) return;
      const tools = flagged.map(({ definition, digest, flags }) => ({
        name: definition.name,
        digest,
        why: [...flags],
      }));
      const data = { server: row.id, name: row.name, tools };
      const at = this.parts.ports.clock.now().toISOString();
      await appendAudit(tx, row.org, [{ at, kind: 'mcp.tools_flagged', actor: `mcp:${row.name}`, data }]);
    });
  }

  private async failed(row: ServerRow, error: { code: string; message: string }, took: number): Promise<void> {
    await noteLook(this.parts.database.engine, row.org, row.id, {
      revision: row.revision,
      nextS: AGAIN_S,
      tookMs: took,
      error,
    });
  }
}
