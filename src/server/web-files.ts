import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Where the build puts the app, seen from here and from where this file is compiled to. */
export const WEB_FOLDER = fileURLToPath(new URL('../../dist/web/', import.meta.url));

export type Encoding = 'br' | 'gzip';

/** One file of the app, as often asked for as it is read: once. */
export interface WebFile {
  readonly type: string;
  /** Its name changes with its content. */
  readonly hashed: boolean;
  readonly body: Buffer;
  /** Of its content, in quotes. */
  readonly etag: string;
  /** Undefined where the body would hardly become smaller. */
  packed(encoding: Encoding): Promise<Buffer> | undefined;
}

/** The files of the app by their address: `/assets/index-3fa9c1.js`. */
export interface WebFiles {
  /** Undefined where there is no such file, or not any more. */
  find(path: string): Promise<WebFile | undefined>;
  /** The page itself, for every address of the app, as it is now; undefined while the app is being built anew. */
  page(): Promise<string | undefined>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const PACKABLE = /^(text\/|application\/(json|manifest)|image\/svg)/;
const WORTH_PACKING = 1024;
const LOOK_AGAIN_MS = 1000;
/** Half a second for the best would be felt by whoever opens the room first. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/**
 * Looks up which files the app has; each is read when it is first asked for. Undefined where the app was not built. Only names
 * found here are served, so no address leads out of the folder. An app that is built anew below a running room is looked up anew,
 * at most once a second.
 */
export async function findWebFiles(folder: string): Promise<WebFiles | undefined> {
  const page = () => readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
  if ((await page()) === undefined) return undefined;
  let listed = await list(folder);
  let nextLook = 0;
  const look = async () => {
    if (performance.now() < nextLook) return;
    nextLook = performance.now() + LOOK_AGAIN_MS;
    listed = await list(folder).catch(() => listed);
  };
  const find = async (path: string) => {
    const known = await listed.get(path)?.().catch(ifGone);
    if (known || !path.startsWith('/assets/')) return known;
    await look();
    return listed.get(path)?.().catch(ifGone);
  };
  return { page, find };
}

type Listed = ReadonlyMap<string, () => Promise<WebFile>>;

async function list(folder: string): Promise<Listed> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map(paths.map((path) => [addressOf(folder, path), remembered(() => readWebFile(folder, path))]));
  files.delete('/index.html');
  return files;
}

function ifGone(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

const addressOf = (folder: string, path: string): string => `/${relative(folder, path).split(sep).join('/')}`;

async function readWebFile(folder: string, path: string): Promise<WebFile> {
  const body = await readFile(path);
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  const worthIt = PACKABLE.test(type) && body.length >= WORTH_PACKING;
  const packers = {
    br: remembered(() => promisify(brotliCompress)(body, BROTLI)),
    gzip: remembered(() => promisify(gzip)(body)),
  };
  return {
    type,
    hashed: addressOf(folder, path).startsWith('/assets/'),
    body,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    packed: (encoding) => (worthIt ? packers[encoding]() : undefined),
  };
}

/** What failed is tried again by whoever asks next. */
function remembered<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
