import { join } from 'node:path';
import { findHome, openHome } from '#db/home.js';
import type { Config } from '#kit/config.js';
import { createLogger, type Logger } from '#observe/log.js';
import { createMask } from '#observe/redact.js';
import { fileSecrets } from '#secrets/file.js';
import { combineSecrets, environmentSecrets, readAllSecrets } from '#secrets/source.js';

/** The log of a command that is not a server: a file of the data directory, so that a terminal shows results only. */
export async function openRoomLog(config: Config, cwd: string): Promise<Logger> {
  const home = await openHome(await findHome(cwd, config.home));
  const sources = combineSecrets([environmentSecrets(config.secrets), fileSecrets(join(home, 'secrets.env'))]);
  // A secrets file that cannot be used is refused where a secret is needed; nothing of it can reach the log.
  const secrets = await readAllSecrets(sources).catch(() => config.secrets);
  const destination = { file: join(home, 'logs', 'opsroom.log') };
  return createLogger({ level: config.logLevel, destination, mask: createMask(secrets) });
}
