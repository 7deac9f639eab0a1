import type { Machine } from '#compile/runbook/blocks/machine.js';
import { loadConfig } from '#kit/config.js';
import { findProgram } from '#sandbox/program.js';

/** Where steps of a plan find programs on the machine that this process runs on. */
export const searchPath = (): string => loadConfig().stepEnv.get('PATH') ?? '';

/** This machine, as steps of a plan would find it. */
export function machineWith(path: string): Machine {
  return { platform: process.platform, has: (program) => findProgram(program, { path, cwd: '/' }) !== undefined };
}
