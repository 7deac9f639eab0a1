import { chmod, chown, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IsolationLevel } from '#ir/plan.js';
import { STEP_USER } from '#sandbox/isolation.js';

/** A step's own folder, beside the workspace, gone after the step. */
export interface Scratch {
  /** Writable for the step. */
  readonly folder: string;
  readonly home: string;
  /** Where the step may write its output values; does not exist at first. */
  readonly outputFile: string;
  remove(): Promise<void>;
}

/**
 * The step's folder lies in another that is not the step's, so that a step under another user cannot put a link in its
 * place and have the worker follow it.
 */
export async function makeScratch(level: IsolationLevel): Promise<Scratch> {
  const outer = await realpath(await mkdtemp(join(tmpdir(), 'opsroom-step-')));
  const folder = join(outer, 'step');
  const home = join(folder, 'home');
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (level === 'uid') {
    await chmod(outer, 0o711);
    await Promise.all([folder, home].map((path) => chown(path, STEP_USER.uid, STEP_USER.gid)));
  }
  return {
    folder,
    home,
    outputFile: join(folder, 'output'),
    // A step can leave a folder that even its owner may not empty; that is left to the system's own cleaning of temporary files.
    remove: () => rm(outer, { recursive: true, force: true }).catch(() => {}),
  };
}
