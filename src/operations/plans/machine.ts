import type { Machine } from '#compile/runbook/machine.js';
import { loadConfig } from '#kit/config.js';
import { findProgram } from '#sandbox/program.js';

/** The machine that this process runs on, as steps of a plan would find it. */
export function thisMachine(): Machine {
  const path = loadConfig().stepEnv.get('PATH') ?? '';
  return { platform: process.platform, has: (program) => findProgram(program, { path, cwd: '/' }) !== undefined };
}
