import { findHome, projectFolder } from '#db/home.js';
import type { Ports } from '#execute/ports.js';
import { loadConfig } from '#kit/config.js';
import { builtIn } from './contracts.js';
import { validated } from './invoke.js';
import type { Operation } from './operation.js';
import { LOCAL_ORG, type Room } from './room.js';
import type { Senders } from './runs/sending.js';

/** What whoever only reads the files of a project works with: a room has it, and a folder without one. */
export interface Project extends Pick<Room, 'project' | 'contracts'>, Senders {
  readonly ports: Senders['ports'] & Pick<Ports, 'planEnv'>;
}

/** The folder of the project that the current folder belongs to. */
export async function projectHere(): Promise<string> {
  const cwd = process.cwd();
  return projectFolder(await findHome(cwd, loadConfig().home), cwd);
}

/**
 * Asks the files of the project that the current folder belongs to, for whoever may read them. Opens no room and makes none.
 * @throws as `invoke`
 */
export async function lookHere<I, O>(operation: Operation<I, O, Project>, input: unknown): Promise<O> {
  const project = await projectHere();
  const { tools, kinds, contracts } = builtIn({ project });
  const nothingBound = async () => ({ isBound: () => false });
  const ports = { tools, verifiers: kinds, secrets: nothingBound, planEnv: Object.fromEntries(loadConfig().planEnv) };
  return operation.run(validated(operation.input, input), { org: LOCAL_ORG, project, contracts, ports });
}
