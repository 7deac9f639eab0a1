import { z } from 'zod';

/** How a template is named where a plan file could be: `template:deploy-vercel`. */
export const TEMPLATE_PREFIX = 'template:';

export const templateName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'use lower-case letters, digits, "-" and "_", at most 64')
  .describe('The name of a template: `deploy-vercel`. `templates.list` has them.');

/** The template that a name means; undefined: it names a file. */
export function templateOf(name: string): string | undefined {
  return name.startsWith(TEMPLATE_PREFIX) ? name.slice(TEMPLATE_PREFIX.length) : undefined;
}
