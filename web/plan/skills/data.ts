import { queryOptions } from '@tanstack/react-query';
import { api, read } from '../../api/client.js';

const loadSkills = () => read(api.GET('/v1/skills'));
const loadSkill = (skill: string) => read(api.GET('/v1/skills/{skill}', { params: { path: { skill } } }));

export type Skill = Awaited<ReturnType<typeof loadSkills>>['skills'][number];
export type SkillDetail = Awaited<ReturnType<typeof loadSkill>>;
export type SkillParts = NonNullable<SkillDetail['parts']>;

/** Files change without an event: they are read again whenever the page is looked at. */
export const skillsQuery = queryOptions({ queryKey: ['skills'], queryFn: loadSkills });

export const skillQuery = (skill: string) =>
  queryOptions({ queryKey: ['skills', skill], queryFn: () => loadSkill(skill) });
