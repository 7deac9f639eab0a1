import { writeFile } from 'node:fs/promises';
import { Argument, type Command } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { bindSecret } from '#operations/secrets/bind.js';
import { exportSecrets } from '#operations/secrets/export.js';
import { getSecret } from '#operations/secrets/get.js';
import { importSecrets } from '#operations/secrets/import.js';
import { listSecretsOperation } from '#operations/secrets/list.js';
import { removeSecret } from '#operations/secrets/remove.js';
import { rotateVaultKey } from '#operations/secrets/rotate-key.js';
import { setSecret } from '#operations/secrets/set.js';
import type { CommandModule } from '../command.js';
import { FORCE_OPTION, refuseExisting, unwritable } from '../out-file.js';
import type { Output } from '../output.js';
import { openImport } from '../secret-import.js';
import { elsewhereText, hostsText, placeOf, secretTable, useTable } from '../secret-words.js';
import { roomFor } from '../session.js';
import { readValue } from '../value-in.js';

interface Options {
  readonly environment?: string;
  readonly app?: string;
  readonly keep?: string;
  readonly hosts?: string;
  readonly anywhere?: boolean;
  readonly fromFile?: string;
  readonly fromEnv?: string;
  readonly only?: string;
  readonly identity?: string;
  readonly recipient?: readonly string[];
  readonly passphrase?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

interface Task {
  readonly room: Room;
  readonly given: string | undefined;
  /** Of set the value; of import the text. */
  readonly read: string;
  readonly options: Options;
  readonly output: Output;
}

type Act = (task: Task) => Promise<void>;

const ACTS: Readonly<Record<string, Act>> = {
  set,
  bind,
  list,
  show,
  remove,
  import: importFrom,
  export: exportTo,
  'rotate-key': rotateKey,
};

export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('<what>', 'what to do').choices(Object.keys(ACTS)))
      .argument('[name]', 'of set, bind, show, remove: the secret; of import: the file, - for what is piped in');
    scopeOptions(command);
    command
      .option('--hosts <hosts>', 'of set, bind: where it may be sent, HOST[:PORT] or *.HOST, separated by commas')
      .option('--anywhere', 'of bind: it may be sent anywhere that a plan itself names')
      .option('--keep <n>', 'of set, import: how many earlier versions stay masked (2)')
      .option('--from-file <file>', 'of set: the value is what the file holds')
      .option('--from-env <name>', 'of set: the value is that of a variable of the environment')
      .option('--only <names>', 'of import: these of its names, separated by commas')
      .option('--identity <file>', 'of import: the key file that opens an age file')
      .option('--recipient <age1…>', 'of export: who may open it; may be repeated', collect, [])
      .option('--passphrase', 'of export, import: it is asked for, or piped in')
      .option('--out <file>', 'of export: the file to write; default: stdout')
      .option(...FORCE_OPTION);
  },
  examples: [
    'secrets set DEPLOY_HOOK --environment staging',
    'secrets set GITHUB_TOKEN --from-env GITHUB_TOKEN --hosts api.github.com',
    'secrets bind POSTGRES_PASSWORD --hosts db.example:5432',
    'secrets import .env --only SMTP_URL,SENTRY_DSN',
    'secrets export --recipient age1ql3z… --out vault.age',
  ],
  async run({ args: [what = '', given, ...more], command, output }) {
    if (more.length > 0) throw notInArguments();
    const options = command.opts<Options>();
    const read = await readFor(what, given, options);
    return roomFor(what === 'set' || what === 'import')(async ({ room }) => {
      await ACTS[what]?.({ room, given, read, options, output });
      return 0;
    });
  },
};

async function readFor(what: string, given: string | undefined, options: Options): Promise<string> {
  if (what === 'import') return openImport(given, options);
  return what === 'set' ? readValue(`The value of ${named(given)}`, options) : '';
}

function scopeOptions(command: Command): void {
  command
    .option('--environment <name>', 'of set, bind, remove, import: for runs on this environment alone')
    .option('--app <name>', 'of set, bind, remove, import: for runs on this app alone')
    .allowExcessArguments();
}

const collect = (one: string, known: readonly string[]): readonly string[] => [...known, one];

function notInArguments(): OpsroomError {
  const what = 'A value does not belong in a command line: the list of processes and the history of the shell show it.';
  return new OpsroomError('USAGE', {
    what,
    mend: 'Leave it out and type it, pipe it in, or use --from-file or --from-env.',
  });
}

function named(given: string | undefined): string {
  if (given !== undefined) return given;
  throw new OpsroomError('USAGE', { what: 'Which secret?', mend: 'Name it: opsroom secrets set DEPLOY_HOOK' });
}

const scopeOf = ({ environment, app }: Options) => ({ environment, app });

function keepOf({ keep }: Options): { keep?: number } {
  if (keep === undefined) return {};
  if (/^\d{1,2}$/.test(keep)) return { keep: Number(keep) };
  throw new OpsroomError('USAGE', { what: '--keep is a whole number.' });
}

async function set({ room, given, read: value, options, output }: Task): Promise<void> {
  const name = named(given);
  const hosts = options.hosts === undefined ? {} : { hosts: hostsOf(options) };
  const made = await invoke(setSecret, { name, value, ...scopeOf(options), ...hosts, ...keepOf(options) }, room);
  output.print(`${name} is set ${placeOf(made)}, version ${made.version}; it may be sent ${hostsText(made)}.`);
  output.result(made);
}

async function bind({ room, given, options, output }: Task): Promise<void> {
  const name = named(given);
  const done = await invoke(bindSecret, { name, hosts: hostsOf(options), ...scopeOf(options) }, room);
  output.print(`${name}, which counts ${placeOf(done)}, may be sent ${hostsText(done)}.`);
  output.result(done);
}

/** @throws OpsroomError USAGE unless either is said: to free a secret is not what somebody forgets */
function hostsOf({ hosts, anywhere }: Options): string[] {
  if ((hosts === undefined) === (anywhere === true)) return hosts?.split(',').filter((one) => one.trim() !== '') ?? [];
  const what = 'Say where it may be sent: --hosts or --anywhere.';
  throw new OpsroomError('USAGE', {
    what,
    mend: 'Such as: opsroom secrets bind POSTGRES_PASSWORD --hosts db.example:5432',
  });
}

async function list({ room, output }: Task): Promise<void> {
  const found = await invoke(listSecretsOperation, {}, room);
  output.print(found.secrets.length === 0 ? 'No secrets in the vault.' : secretTable(found.secrets, output));
  if (found.elsewhere.length > 0) output.note(elsewhereText(found.elsewhere));
  output.result(found);
}

async function show({ room, given, output }: Task): Promise<void> {
  const found = await invoke(getSecret, { name: named(given) }, room);
  if (found.secrets.length > 0) output.print(secretTable(found.secrets, output));
  if (found.elsewhere.length > 0) output.note(elsewhereText(found.elsewhere));
  output.print(found.uses.length === 0 ? 'No step has used it.' : useTable(found.uses, output));
  output.result(found);
}

async function remove({ room, given, options, output }: Task): Promise<void> {
  const name = named(given);
  const gone = await invoke(removeSecret, { name, ...scopeOf(options) }, room);
  output.print(`${name} is removed. What still prints it is no longer masked: revoke it where it belongs.`);
  output.result(gone);
}

async function importFrom({ room, read: text, options, output }: Task): Promise<void> {
  const only = options.only?.split(',').map((name) => name.trim());
  const done = await invoke(importSecrets, { text, only, ...scopeOf(options), ...keepOf(options) }, room);
  for (const one of done.set) output.print(`${one.name} is set ${placeOf(one)}, version ${one.version}.`);
  for (const { name, reason } of done.leftOut) output.note(`${name} is left out: it is ${reason}.`);
  if (done.set.length === 0) output.print('Nothing was set.');
  output.result(done);
}

async function exportTo({ room, options, output }: Task): Promise<void> {
  const { out, recipient: recipients = [] } = options;
  if (out !== undefined) await refuseExisting(out, options);
  const passphrase = options.passphrase ? await readValue('The passphrase') : undefined;
  const readers = recipients.length > 0 ? { recipients: [...recipients], passphrase } : { passphrase };
  const { age, names } = await invoke(exportSecrets, readers, room);
  if (out === undefined) output.print(age);
  else await writeFile(out, age, { mode: 0o600 }).catch(unwritable(out));
  output.note(`${names.length} secrets, encrypted${out === undefined ? '' : `, in ${out}`}.`);
  output.result(out === undefined ? { age, names } : { file: out, names });
}

async function rotateKey({ room, output }: Task): Promise<void> {
  const { from, to, rewrapped, resumed } = await invoke(rotateVaultKey, {}, room);
  const began = resumed ? 'What had been begun is done: the' : 'The';
  output.print(`${began} vault’s key is ${to} now; ${rewrapped} data keys were wrapped anew.`);
  output.note(
    `Backups from before open with ${from.join(', ')} alone. Copy keys/vault.key again, and to every other host.`,
  );
  output.result({ from, to, rewrapped, resumed });
}
