import type { Skill, SkillParts } from './data.js';

/** The longest that a skill may take, as people say it: `3 h`, `1 h 30 min`, `90 s`. */
export function limitText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 1000) return `${ms} ms`;
  if (seconds < 120) return `${seconds} s`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '', rest > 0 ? `${rest} s` : ''];
  return parts.filter((part) => part !== '').join(' ');
}

/** Where it may be used. */
export function environmentText({ allowedEnvs }: Pick<Skill, 'allowedEnvs'>): string {
  return allowedEnvs === null ? 'every environment' : allowedEnvs.join(', ');
}

/** A step of a plan that uses the skill, with all that it must be given. */
export function stepText({ slug, inputs }: Pick<Skill, 'slug' | 'inputs'>): string {
  const args = inputs.filter(({ required }) => required).map(({ name }) => `    ${name}: '{{ inputs.${name} }}'`);
  return [`- id: use`, `  skill: ${slug}`, ...(args.length === 0 ? [] : ['  args:', ...args])].join('\n');
}

type Judge = SkillParts['verifiers'][number];

/** Who judges, in one line: `answers (http), log (file, warns only)`. */
export function judgesText(judges: readonly Judge[]): string {
  return judges.map(({ id, kind, required }) => `${id} (${kind}${required ? '' : ', warns only'})`).join(', ');
}
