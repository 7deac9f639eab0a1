import type { Config } from '#kit/config.js';
import { isolationFindings, machineFindings } from './doctor-machine.js';
import { policiesFinding } from './doctor-policies.js';
import { databaseFindings, homeFindings } from './doctor-room.js';
import type { Finding } from './finding.js';

export interface Diagnosis {
  /** Nothing essential is missing. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

export interface DoctorOptions {
  /** Try the embedded database out: start it, look, and stop it again unless others use it. */
  readonly start: boolean;
}

/** Looks at what the machine has and lacks. Makes nothing, and starts nothing unless asked to; never rejects. */
export async function diagnose(config: Config, cwd: string, { start }: DoctorOptions): Promise<Diagnosis> {
  const findings = [
    ...machineFindings(config),
    ...(await homeFindings(config, cwd)),
    ...(await databaseFindings(config, cwd, start)),
    await policiesFinding(config, cwd),
    ...(await isolationFindings()),
  ];
  return { ok: findings.every((finding) => finding.ok || !finding.essential), findings };
}
