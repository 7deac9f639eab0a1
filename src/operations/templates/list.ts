import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import type { Project } from '../project.js';
import { findTemplate, templateNames } from './find.js';
import { showTemplate, type TemplateView, templateView } from './view.js';

export const listTemplatesOperation = operation({
  name: 'templates.list',
  summary:
    'List the templates: plans with typed inputs, those of the project folder and those that come with the room.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ text: z.string().max(200).optional().describe('Part of the name, the words or a tag.') }),
  output: z.object({ templates: z.array(templateView) }),
  run: async ({ text }, room: Project) => {
    const all = await allTemplates(room);
    const wanted = text?.toLowerCase();
    return { templates: wanted === undefined ? all : all.filter((template) => wordsOf(template).includes(wanted)) };
  },
});

/** Every template of a room, by name. */
export async function allTemplates(room: Pick<Project, 'project' | 'contracts'>): Promise<TemplateView[]> {
  const names = await templateNames(room.project);
  return Promise.all(names.map((name) => shownOrBroken(name, room)));
}

async function shownOrBroken(name: string, room: Pick<Project, 'project' | 'contracts'>): Promise<TemplateView> {
  try {
    const found = await findTemplate(room.project, name);
    if (found) return await showTemplate(found, room);
    throw new OpsroomError('NOT_FOUND', { what: 'It is gone.', where: name });
  } catch (error) {
    if (!(error instanceof OpsroomError)) throw error;
    const nothing = { kind: '', title: name, summary: '', tags: [], steps: 0, inputs: [] };
    const needs = { secrets: [], env: [], names: [] };
    return { name, origin: 'project', ...nothing, needs, problem: error.message };
  }
}

const wordsOf = ({ name, title, summary, tags }: TemplateView): string =>
  [name, title, summary, ...tags].join(' ').toLowerCase();
