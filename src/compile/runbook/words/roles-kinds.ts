/** What a section is for. `install` is also set-up; `run` is also start. */
export const ROLES = [
  'rollback',
  'uninstall',
  'cleanup',
  'troubleshooting',
  'prerequisite',
  'verify',
  'upgrade',
  'development',
  'configuration',
  'install',
  'run',
  'usage',
  'reference',
  'procedure',
] as const;
export type Role = (typeof ROLES)[number] | 'none';

/** What the text before a block says of it. `output`: it shows what is printed. `alternative`: it stands for the one before. */
export const INTRO_ROLES = ['rollback', 'verify', 'output', 'prerequisite', 'alternative', 'example'] as const;
export type IntroRole = (typeof INTRO_ROLES)[number] | 'none';
