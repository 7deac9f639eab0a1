import { z } from 'zod';
import { operation } from '../operation.js';
import type { Project } from '../project.js';
import { SkillFolder } from './folder.js';
import { showSkill, skillView } from './view.js';

export const listSkillsOperation = operation({
  name: 'skills.list',
  summary:
    'List the skills that steps of a plan may use: those of the project folder and those that come with the room.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({ skills: z.array(skillView) }),
  run: async (_, room: Project) => {
    const folder = new SkillFolder(room.project);
    const files = folder.names().flatMap((name) => folder.find(name) ?? []);
    return { skills: files.map((file) => showSkill(file, room)) };
  },
});
