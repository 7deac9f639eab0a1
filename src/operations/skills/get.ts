import { z } from 'zod';
import { SKILL_NAME } from '#ir/skill.js';
import { didYouMean } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { SkillFolder } from './folder.js';
import { showSkill, skillView } from './view.js';

export const getSkill = operation({
  name: 'skills.get',
  summary: 'Show one skill: what it takes and puts out, its tools, constraints, steps and verifiers, and its text.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ skill: z.string().regex(SKILL_NAME, 'lower-case letters, digits and "-", at most 50') }),
  output: skillView.extend({ text: z.string() }),
  run: async ({ skill }, room) => {
    const folder = new SkillFolder(room.project);
    const file = folder.find(skill);
    if (file !== undefined) return { ...showSkill(file, room), text: folder.text(file) };
    throw new OpsroomError('NOT_FOUND', {
      what: 'There is no such skill.',
      where: skill,
      mend: didYouMean(skill, folder.names()),
    });
  },
});
