import type { Database } from '#db/database.js';
import { backoffDelayMs } from '#kit/backoff.js';
import type { Clock } from '#kit/clock.js';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import { discordPosting, type Letter, letterOf, type Posting, signedPosting, slackPosting } from './forms.js';
import { type Message, messageOf } from './message.js';
import type { Place } from './rule.js';
import { type Claimed, claimDue, noteTold, type Told } from './store.js';

/** What telling needs of the rest of the room. */
export interface TellPorts {
  readonly clock: Clock;
  readonly random: () => number;
  /** The value of a secret; undefined when there is none of that name. */
  readonly secret: (org: string, name: string) => Promise<string | undefined>;
  /** Posts, and follows no redirect. Rejects when nobody answers, or when the address is refused. */
  readonly post: (url: string, posting: Posting, allowAddresses: readonly string[]) => Promise<Reply>;
  /** @param server `smtps://USER:PASSWORD@HOST:PORT` */
  readonly mail: (server: string, letter: Addressed, allowAddresses: readonly string[]) => Promise<void>;
  /** Takes secrets out of what a receiver or a socket has said. */
  readonly mask: (text: string) => string;
  /** Where people reach the room: `http://127.0.0.1:4310`. */
  readonly roomUrl: () => string;
}

/** A letter on its way. */
export interface Addressed extends Letter {
  readonly from: string;
  readonly to: readonly string[];
}

export interface Reply {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
}

/** From half a minute to two hours: a receiver may be away for a night's maintenance. */
const BACKOFF = { backoffMs: 30_000, backoffMultiplier: 3 };
const MOST_ATTEMPTS = 6;

/** Tells all that is due, one message after the other. @returns how many messages went out or failed */
export async function tellDue(
  database: Pick<Database, 'engine'>,
  ports: TellPorts,
  stop: AbortSignal,
): Promise<number> {
  for (let messages = 0; ; messages += 1) {
    const claimed = stop.aborted ? undefined : await claimDue(database.engine);
    if (!claimed) return messages;
    const { rule, ids } = claimed;
    await noteTold(database.engine, rule.org, ids, await attempt(claimed, ports));
  }
}

async function attempt(claimed: Claimed, ports: TellPorts): Promise<Told> {
  const { rule, event, facts, attempts, ids } = claimed;
  try {
    await send(rule, messageOf(event, facts, ports.roomUrl()), ids[0] ?? rule.id, ports);
    return { status: 'sent' };
  } catch (thrown) {
    const error = ports.mask(told(thrown));
    if (attempts >= MOST_ATTEMPTS || isFinal(thrown)) return { status: 'failed', error };
    const wait = thrown instanceof Refused ? (thrown.retryAfterMs ?? 0) : 0;
    return { status: 'pending', error, inMs: backoffDelayMs(BACKOFF, attempts, ports.random(), wait) };
  }
}

/** The receiver answered, and not with yes. */
class Refused extends OpsroomError {
  constructor(
    readonly status: number,
    readonly retryAfterMs: number | undefined,
  ) {
    const mend = 'See what the receiver says of it in its own log.';
    super('HTTP_STATUS', { what: `The receiver answered ${status}.`, mend });
  }
}

const told = (thrown: unknown): string => asOpsroomError(thrown).message.slice(0, 500);

/** What the same message would meet again: a client error but for "later", a missing secret, a refused address. */
function isFinal(thrown: unknown): boolean {
  if (thrown instanceof Refused) return thrown.status < 500 && thrown.status !== 408 && thrown.status !== 429;
  return thrown instanceof OpsroomError && (thrown.code === 'NOT_FOUND' || thrown.code === 'ADDRESS_REFUSED');
}

/**
 * Sends one message to the place of a rule.
 * @param id the same at every attempt, so that a receiver can tell
 * @throws what keeps it from arriving
 */
export async function send(
  { org, place }: { readonly org: string; readonly place: Place },
  message: Message,
  id: string,
  ports: TellPorts,
): Promise<void> {
  const read = async (name: string): Promise<string> => {
    const value = await ports.secret(org, name);
    if (value !== undefined) return value;
    const mend = 'Set it: opsroom secrets set, or OPSROOM_SECRET_ and its name in the environment.';
    throw new OpsroomError('NOT_FOUND', { what: `There is no secret "${name}".`, mend });
  };
  if (place.kind === 'email') {
    const { from, to, allowAddresses } = place;
    return ports.mail(await read(place.smtpSecret), { from, to, ...letterOf(message) }, allowAddresses);
  }
  if (place.kind === 'webhook') {
    const key = await read(place.signingSecret);
    const posting = signedPosting(message, { id, at: ports.clock.now(), key });
    return accepted(await ports.post(place.url, posting, place.allowAddresses));
  }
  const posting = place.kind === 'slack' ? slackPosting(message) : discordPosting(message);
  return accepted(await ports.post(await read(place.urlSecret), posting, []));
}

function accepted({ status, retryAfterMs }: Reply): void {
  if (status < 200 || status > 299) throw new Refused(status, retryAfterMs);
}
