import { z } from 'zod';
import { operation } from '../operation.js';
import { compiledView, showCompiled } from '../plans/compile.js';
import { compiledOnce } from '../plans/compiled-once.js';
import type { Project } from '../project.js';
import { requireTemplate } from './find.js';
import { templateName } from './name.js';
import { showTemplate, templateView } from './view.js';

export const getTemplate = operation({
  name: 'templates.get',
  summary: 'Show one template: its inputs, what it needs, its text, and the plan that it is.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ template: templateName }),
  output: templateView.extend({ text: z.string(), file: z.string(), compiled: compiledView.nullable() }),
  run: async ({ template: name }, room: Project) => {
    const found = await requireTemplate(room.project, name);
    const view = await showTemplate(found, room);
    const compiled = view.problem === null ? showCompiled(await compiledOnce(found.given, room.contracts)) : null;
    return { ...view, text: found.given.text, file: found.given.file, compiled };
  },
});
