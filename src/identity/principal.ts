import type { Role } from './permissions.js';

/**
 * Who asks, as the room itself knows it: by a sign-in, by an API key, or by this machine's credential. Nothing that stands in a
 * request makes it.
 */
export interface Principal {
  /** `agent`: a key that was made for one. `machine`: whoever may read the data directory. `system`: the room itself, for a schedule or a webhook. */
  readonly kind: 'person' | 'agent' | 'key' | 'machine' | 'system';
  /** As runs and the audit log name it: `person:EMAIL`, `key:NAME`, `user:NAME@HOST`, `cron:NAME`, `webhook:NAME`. */
  readonly by: string;
  /** The person it is, or whose key or machine it is; an id, since e-mails change. */
  readonly person?: string;
  /** Of a person, where it asks. */
  readonly role?: Role;
  /** Of an agent: `gpt`, `cursor`, `claude-code`. */
  readonly agent?: string;
  /** Of a person who asks from their editor: the id of that session. */
  readonly ide?: string;
  /** Id of the key by which it asks. */
  readonly key?: string;
  /** Of a person, or of a machine's user who has come as one: every name by which runs and the audit log know them. */
  readonly aliases?: readonly string[];
}

/** Through which door a request came, and what it told of itself: for the audit log, never for a decision. */
export interface Origin {
  readonly door: 'cli' | 'http' | 'mcp' | 'room';
  /** Of the connection. */
  readonly address?: string;
  /** `ai`: asked below `/ai/`, where each question is kept. */
  readonly channel?: 'ai';
  /** What `x-client-id` says, where it fits the key. */
  readonly client?: string;
}

/** How an agent may be named. */
export const AGENT_NAME = /^[a-z][a-z0-9-]{0,31}$/;
