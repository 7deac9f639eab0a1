import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '#ir/json.js';
import { invoke } from '#operations/invoke.js';
import type { RunView } from '#operations/runs/get.js';
import { startRun } from '#operations/runs/start.js';
import { type TemplateRoom, templateRoom } from './template-room.js';

/** A room in which plans use a skill, and the folder where these work. */
export interface SkillRoom {
  readonly room: TemplateRoom;
  readonly folder: string;
  /** Runs a plan of one step, `use`, to its end. */
  use(skill: string, args: JsonObject, target?: JsonObject): Promise<RunView>;
  close(): Promise<void>;
}

/** @param env more of the worker's environment: PATH, secrets */
export async function skillRoom(env: Readonly<Record<string, string>>): Promise<SkillRoom> {
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-skills-'));
  const room = await templateRoom(env);
  return {
    room,
    folder,
    use: async (skill, args, target = {}) => {
      const plan = {
        apiVersion: 'opsroom/v1',
        title: skill,
        workspace: { kind: 'inplace' },
        inputs: { elsewhere: 'moon' },
        target: { environment: 'dev', app: 'shop', allowAddresses: ['127.0.0.1'], ...target },
        steps: [{ id: 'use', skill, args }],
      };
      const given = { text: JSON.stringify(plan), file: join(folder, 'plan.yaml') };
      const { runId } = await invoke(startRun, { plan: given }, room.api.room);
      return room.ended(runId);
    },
    close: async () => {
      await room.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The word of each step, or where it stands. */
export const wordsOf = ({ steps }: RunView) =>
  Object.fromEntries(steps.map(({ id, word, status }) => [id, word ?? status]));
