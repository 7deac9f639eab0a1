import { z } from 'zod';
import { readSkill } from '#compile/skills/read.js';
import { SKILL_NAME } from '#ir/skill.js';
import { didYouMean } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import type { Project } from '../project.js';
import { SkillFolder } from './folder.js';
import { showParts, showSkill, skillParts, skillView } from './view.js';

export const getSkill = operation({
  name: 'skills.get',
  summary: 'Show one skill: what it takes and puts out, its tools, constraints, steps and verifiers, and its text.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ skill: z.string().regex(SKILL_NAME, 'lower-case letters, digits and "-", at most 50') }),
  output: skillView.extend({
    text: z.string(),
    /** Null: it cannot be read. */
    parts: skillParts.nullable(),
  }),
  run: async ({ skill }, room: Project) => {
    const folder = new SkillFolder(room.project);
    const file = folder.find(skill);
    if (file !== undefined) {
      const [shown, text] = [showSkill(file, room), folder.text(file)];
      const parts = shown.digest === null ? null : showParts(readSkill(text, file.path, skill));
      return { ...shown, text, parts };
    }
    throw new OpsroomError('NOT_FOUND', {
      what: 'There is no such skill.',
      where: skill,
      mend: didYouMean(skill, folder.names()),
    });
  },
});
