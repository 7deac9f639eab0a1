import { join } from 'node:path';
import { findHome, openHome } from '#db/home.js';
import type { Config } from '#kit/config.js';
import { createLogger, type Logger, type LogMask } from '#observe/log.js';
import { createMask } from '#observe/redact.js';
import { fileSecrets } from '#secrets/file.js';
import { combineSecrets, environmentSecrets, readAllSecrets } from '#secrets/source.js';

export interface RoomLog {
  readonly log: Logger;
  /** What an organisation's vault holds is known later: from then on it is masked, too. */
  readonly learn: (org: string, mask: LogMask) => void;
}

/** The log of a command that is not a server: a file of the data directory, so that a terminal shows results only. */
export async function openRoomLog(config: Config, cwd: string): Promise<RoomLog> {
  const home = await openHome(await findHome(cwd, config.home));
  const sources = combineSecrets([environmentSecrets(config.secrets), fileSecrets(join(home, 'secrets.env'))]);
  // A secrets file that cannot be used is refused where a secret is needed; nothing of it can reach the log.
  const secrets = await readAllSecrets(sources).catch(() => config.secrets);
  const destination = { file: join(home, 'logs', 'opsroom.log') };
  const masks = new Map<string, LogMask>([['', createMask(secrets)]]);
  const mask: LogMask = {
    text: (text) => [...masks.values()].reduce((known, each) => each.text(known), text),
    json: (value) => [...masks.values()].reduce((known, each) => each.json(known), value),
  };
  return {
    log: createLogger({ level: config.logLevel, destination, mask }),
    learn: (org, learnt) => void masks.set(org, learnt),
  };
}
