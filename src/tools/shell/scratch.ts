import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IsolationLevel } from '#ir/plan.js';
import { removeTree } from '#kit/remove-tree.js';
import { STEP_USER } from '#sandbox/isolation.js';

/** A step's own folder, beside the workspace, gone after the step. */
export interface Scratch {
  /** Writable for the step. */
  readonly folder: string;
  readonly home: string;
  /** For what the step is to read: one under another user can put nothing there, and no link for the worker to follow. */
  readonly given: string;
  /** Where the step may write its output values; does not exist at first. */
  readonly outputFile: string;
  /** Does not wait for what takes long. */
  remove(): void;
}

/**
 * Makes the folder at once: a few calls to the kernel, shorter than one hand-over to another thread and back.
 *
 * For a step under another user it lies in one that is not the step's, so that the step cannot put a link in its place
 * and have the worker follow it.
 */
export function makeScratch(level: IsolationLevel): Scratch {
  const outer = mkdtempSync(join(realpathSync(tmpdir()), 'opsroom-step-'));
  const folder = level === 'uid' ? join(outer, 'step') : outer;
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (level === 'uid') {
    chmodSync(outer, 0o711);
    // The inner one first: once the outer one is theirs, another step could put a link in its place, and chown follows it.
    for (const path of [home, folder]) chownSync(path, STEP_USER.uid, STEP_USER.gid);
  }
  const outputFile = join(folder, 'output');
  const remove = () => removeFolders({ home, folder, outer, outputFile });
  return { folder, home, given: outer, outputFile, remove };
}

/**
 * Most steps leave nothing but their file of values. The rest may be large: it is removed while the run goes on. A step can
 * leave a folder that even its owner may not empty; that is left to the system's own cleaning of temporary files.
 */
function removeFolders(paths: Pick<Scratch, 'home' | 'folder' | 'outputFile'> & { outer: string }): void {
  try {
    rmdirSync(paths.home);
    if (existsSync(paths.outputFile)) unlinkSync(paths.outputFile);
    rmdirSync(paths.folder);
    if (paths.outer !== paths.folder) rmdirSync(paths.outer);
  } catch {
    // A program that left the step's process group may still change what lies in there.
    void removeTree(paths.outer);
  }
}
