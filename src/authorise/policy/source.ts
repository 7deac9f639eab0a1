import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '#ir/digest.js';
import { OpsroomError } from '#kit/errors.js';

export interface SourceFile {
  /** Without the folder. */
  readonly name: string;
  readonly text: string;
}

/** A set of policies as it lies in a folder: `*.cedar`, and `*.schema.json` for the forms that approvers fill in. */
export interface PolicySource {
  readonly folder: string;
  readonly policies: readonly SourceFile[];
  readonly forms: readonly SourceFile[];
  /** The words of policies. They come with the program, whose facts they describe. */
  readonly schema: SourceFile;
  /** SHA-256 in hex over names and contents of all of them. */
  readonly digest: string;
}

const MAX_FILES = 200;
const MAX_FILE_BYTES = 256 * 1024;
export const SCHEMA_FILE = 'opsroom.cedarschema';

const isPolicy = (name: string): boolean => name.endsWith('.cedar');
const isForm = (name: string): boolean => name.endsWith('.schema.json');

/**
 * Where the policies of a room lie: the folder that `OPSROOM_POLICIES` names, else `policies/` beside its data directory where
 * that holds any, else those of the package.
 */
export function policyFolder(places: { named: string | undefined; home: string; shipped: string }): string {
  if (places.named !== undefined) return places.named;
  const beside = join(dirname(places.home), 'policies');
  return holdsPolicies(beside) ? beside : places.shipped;
}

function holdsPolicies(folder: string): boolean {
  try {
    return readdirSync(folder).some(isPolicy);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw unreadable(folder, error);
  }
}

/**
 * What tells whether the folder changed, without reading its files: some 0.05 ms for ten of them, so that each decision can look.
 * @throws OpsroomError POLICY_INVALID
 */
export function fingerprint(folder: string): string {
  return named(folder)
    .map((name) => {
      const { ino, size, mtimeNs, ctimeNs } = statSync(join(folder, name), { bigint: true });
      return `${name}\0${ino} ${size} ${mtimeNs} ${ctimeNs}`;
    })
    .join('\0');
}

/**
 * Reads a folder.
 * @param schema that of the package
 * @throws OpsroomError POLICY_INVALID: not readable, too large, writable for everybody
 */
export function readSource(folder: string, schema: SourceFile): PolicySource {
  refuseForeign(folder);
  const files = named(folder).map((name) => ({ name, text: readText(join(folder, name)) }));
  return sourceOf(folder, files, schema);
}

/** The forms in a folder. @throws OpsroomError POLICY_INVALID */
export function readForms(folder: string): SourceFile[] {
  return named(folder)
    .filter(isForm)
    .map((name) => ({ name, text: readText(join(folder, name)) }));
}

/** The set that these files are. */
export function sourceOf(folder: string, files: readonly SourceFile[], schema: SourceFile): PolicySource {
  const policies = files.filter(({ name }) => isPolicy(name));
  const forms = files.filter(({ name }) => isForm(name));
  const contents = [...policies, ...forms, schema].map(({ name, text }) => [name, sha256(text)]);
  return { folder, policies, forms, schema, digest: sha256(JSON.stringify(contents)) };
}

/** @throws OpsroomError POLICY_INVALID */
export function readSchema(shipped: string): SourceFile {
  return { name: SCHEMA_FILE, text: readText(join(shipped, SCHEMA_FILE)) };
}

function named(folder: string): string[] {
  const names = attempt(folder, () => readdirSync(folder)).filter((name) => isPolicy(name) || isForm(name));
  if (names.length <= MAX_FILES) return names.toSorted();
  throw new OpsroomError('POLICY_INVALID', { what: `There are more than ${MAX_FILES} files.`, where: folder });
}

/** @throws OpsroomError POLICY_INVALID */
export function readText(path: string): string {
  return attempt(path, () => {
    const stats = statSync(path);
    if (!stats.isFile()) throw new Error('it is no file');
    if (stats.size > MAX_FILE_BYTES) throw new Error(`it is larger than ${MAX_FILE_BYTES / 1024} KiB`);
    refuseOpen(path, stats);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  });
}

/**
 * A folder found by its place alone (`/tmp/policies` beside a data directory in `/tmp`) may be a stranger's. Then it belongs
 * neither to us, nor to root, nor to whoever owns what it lies in.
 */
function refuseForeign(folder: string): void {
  attempt(folder, () => {
    const stats = statSync(folder);
    refuseOpen(folder, stats);
    const trusted = [0, process.getuid?.(), statSync(dirname(folder)).uid];
    if (process.platform !== 'win32' && !trusted.includes(stats.uid)) throw new Error('it belongs to another user');
  });
}

function refuseOpen(path: string, { mode }: Stats): void {
  if (process.platform === 'win32' || (mode & 0o002) === 0) return;
  throw new OpsroomError('POLICY_INVALID', {
    what: 'Everybody on this machine may change the policies.',
    where: path,
    mend: `chmod o-w ${path}`,
  });
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(where: string, error: unknown): OpsroomError {
  if (error instanceof OpsroomError) return error;
  const what = `The policies cannot be read: ${(error as Error).message}.`;
  return new OpsroomError('POLICY_INVALID', { what, where, mend: 'Make it readable, or remove it.', cause: error });
}
