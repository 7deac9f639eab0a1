import type { Policies } from '#authorise/policy/policies.js';
import type { Database } from '#db/database.js';
import type { Ports } from '#execute/ports.js';
import type { Member } from '#identity/people-store.js';
import type { Permission } from '#identity/permissions.js';
import type { Origin, Principal } from '#identity/principal.js';
import type { RepositoryNews } from '#integrations/github/news.js';
import type { VerifierKind } from '#ir/calls.js';
import type { Verifier } from '#ir/plan.js';
import type { Logger } from '#observe/log.js';
import type { SigningKey } from '#record/dsse.js';
import type { RoomSecrets } from '#secrets/room-secrets.js';
import type { Vault } from '#secrets/vault.js';
import type { CallRecorder } from './audit/recorder.js';
import type { MadeContracts } from './made-contracts.js';
import type { McpDesk } from './mcp/desk.js';
import type { McpSignIns } from './mcp/sign-ins.js';
import type { Models } from './models/models.js';

/** What an operation works with: one organisation of one room, on behalf of one principal. */
export interface Room {
  readonly org: string;
  /** Who asks: `user:NAME@HOST` for a command line, `key:NAME` for a program, `person:EMAIL` for somebody who signed in. */
  readonly by: string;
  /** The same for policy: what kind of principal it is, and whose. */
  readonly principal: Principal;
  readonly origin: Origin;
  /** The person who asks, when it is one who has signed in. */
  readonly person?: SignedInPerson;
  /** What the principal may do; undefined: everything, as whoever may read the data directory. */
  readonly permissions?: ReadonlySet<Permission>;
  /** Name of this machine, where runs submitted here run unless they say otherwise. */
  readonly host: string;
  /** Absolute path of the data directory. */
  readonly home: string;
  /** Absolute path of the folder whose plans and runbooks may be named without a path of this machine. */
  readonly project: string;
  readonly version: string;
  /** Where people reach it in a browser: `http://127.0.0.1:4310`. Asked for when it is needed: it is known once the room listens. */
  readonly url: () => string;
  readonly database: Database;
  readonly ports: Ports;
  readonly contracts: MadeContracts;
  readonly kinds: ReadonlyMap<Verifier['kind'], VerifierKind>;
  readonly key: SigningKey;
  /** Who may what. */
  readonly policies: Policies;
  /** Looks at MCP servers. */
  readonly mcp: McpDesk;
  /** Signs the room in at MCP servers. */
  readonly mcpSignIns: McpSignIns;
  /** Which language model may be asked. */
  readonly models: Models;
  readonly vault: Vault;
  readonly secrets: RoomSecrets;
  /** Wakes who waits for a repository. */
  readonly news: RepositoryNews;
  /** Notes calls in the audit log. */
  readonly calls: CallRecorder;
  readonly log: Logger;
}

/** A person, and by which sign-in they are here. */
export interface SignedInPerson extends Member {
  readonly signInId: string;
}

/** The organisation that migration 1 creates; the command line of a single machine works in it. */
export const LOCAL_ORG = '00000000-0000-7000-8000-000000000001';
