import { createHash, randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SFTPWrapper } from 'ssh2';
import type { CallContext, ToolResult } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import { abortReason } from '#sandbox/deadline.js';
import { createInside, openInside } from '#sandbox/workspace.js';
import { copyEnds, type SshArgs } from './args.js';
import type { Connection } from './connection.js';

const CHUNK = 64 * 1024;

interface Copied {
  readonly bytes: number;
  readonly sha256: string;
}

type Copy = (args: SshArgs, context: CallContext, sftp: SFTPWrapper, signal: AbortSignal) => Promise<Copied>;

const COPIES: Readonly<Record<'put' | 'get', Copy>> = { put, get };

/** Copies one file to or from the host, whole or not at all. Output: `{ local, remote, bytes, sha256 }`. */
export async function copyFile(
  way: 'put' | 'get',
  args: SshArgs,
  context: CallContext,
  { connection, signal }: { connection: Connection; signal: AbortSignal },
): Promise<ToolResult> {
  const ends = copyEnds(args);
  const stop = AbortSignal.any([signal, connection.lost]);
  try {
    const sftp = await openSftp(connection);
    const copied = await COPIES[way](args, context, sftp, stop);
    return { ok: true, output: { ...ends, ...copied }, isolation: 'none' };
  } catch (error) {
    throw stop.aborted ? abortReason(stop) : inWords(error, ends);
  }
}

function openSftp({ client }: Connection): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.sftp((error, sftp) => {
      if (error === undefined) resolve(sftp);
      else
        reject(new OpsroomError('STEP_FAILED', { what: `The host offers no file transfer (sftp): ${error.message}` }));
    });
  });
}

/** sftp's own errors have a number as their code. */
function inWords(error: unknown, { remote }: { remote: string }): unknown {
  if (error instanceof OpsroomError || !(error instanceof Error)) return error;
  const isRemote = 'code' in error && typeof error.code === 'number';
  if (!isRemote) return error;
  return new OpsroomError('STEP_FAILED', { what: `"${remote}" cannot be copied: ${error.message}` });
}

/** The file arrives under another name, is read back, and takes its place only when it came over whole. */
async function put(args: SshArgs, context: CallContext, sftp: SFTPWrapper, signal: AbortSignal): Promise<Copied> {
  const { local, remote } = copyEnds(args);
  const file = await openInside(context.workspace, local);
  if (file === undefined)
    throw new OpsroomError('ARGUMENT_INVALID', { what: `local: "${local}" does not exist in the workspace` });
  const beside = `${remote}.${randomUUID().slice(0, 8)}.part`;
  try {
    if (!(await file.stat()).isFile())
      throw new OpsroomError('ARGUMENT_INVALID', { what: `local: "${local}" is no file` });
    const sent = new Meter(args.maxBytes);
    await pipeline(chunksOf(file), sent, sftp.createWriteStream(beside, { flags: 'wx', mode: 0o600 }), { signal });
    const there = new Meter(args.maxBytes);
    await pipeline(sftp.createReadStream(beside), there, drain(), { signal });
    requireSame(there.copied(), args.sha256 ?? sent.copied().sha256, remote);
    await settled((done) => sftp.chmod(beside, Number.parseInt(args.mode ?? '644', 8), done));
    await settled((done) => sftp.ext_openssh_rename(beside, remote, done));
    return there.copied();
  } catch (error) {
    await settled((done) => sftp.unlink(beside, done)).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

async function get(args: SshArgs, context: CallContext, sftp: SFTPWrapper, signal: AbortSignal): Promise<Copied> {
  const { local, remote } = copyEnds(args);
  const arrival = await createInside(context.workspace, local);
  try {
    const meter = new Meter(args.maxBytes);
    await pipeline(sftp.createReadStream(remote), meter, into(arrival.file), {
      signal,
    });
    requireSame(meter.copied(), args.sha256, remote);
    await arrival.keep();
    return meter.copied();
  } finally {
    await arrival.drop();
  }
}

function requireSame({ sha256 }: Copied, wanted: string | undefined, remote: string): void {
  if (wanted === undefined || wanted === sha256) return;
  throw new OpsroomError('STEP_FAILED', { what: `"${remote}" has the digest ${sha256}, expected ${wanted}` });
}

/** Streams of a FileHandle keep it open until they are destroyed, and its `close()` would wait for that. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function into(file: FileHandle) {
  return async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) await file.writeFile(chunk);
  };
}

function drain() {
  return async (source: AsyncIterable<unknown>): Promise<void> => {
    for await (const _ of source);
  };
}

function settled(call: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}

/** Counts and hashes what goes through, and lets no more than `most` bytes through. */
class Meter extends Transform {
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #copied: Copied | undefined;

  constructor(private readonly most: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: Error | null, chunk?: Buffer) => void): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.most) {
      return done(
        new OpsroomError('STEP_OVER_LIMIT', {
          what: `The file has more than ${this.most} bytes`,
          mend: 'Raise maxBytes.',
        }),
      );
    }
    this.#hash.update(chunk);
    done(null, chunk);
  }

  copied(): Copied {
    this.#copied ??= { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
    return this.#copied;
  }
}
