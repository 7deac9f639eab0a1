import type { ReasonedShape } from '../shapes.js';

/** Files, and backups of them. */
export const FILES: readonly ReasonedShape[] = [
  { programs: ['rm'], flags: ['-r', '-R', '-f', '--recursive', '--force'], reason: 'removes files without asking' },
  { programs: ['rm', 'rmdir', 'unlink'], reason: 'removes files' },
  { programs: ['rimraf', 'srm', 'trash'], reason: 'removes files' },
  { programs: ['del', 'erase', 'rd', 'Remove-Item'], reason: 'removes files' },
  { programs: ['truncate'], reason: 'cuts off a file' },
  { programs: ['find', 'fd'], argument: /^-delete$/, reason: 'removes the files it finds' },
  {
    programs: ['rsync'],
    argument: /^--(?:delete.*|remove-source-files|del)$/,
    reason: 'removes files that the source does not have',
  },
  {
    programs: ['rclone'],
    words: ['delete|purge|sync|deletefile|rmdirs|cleanup|move'],
    reason: 'removes files at the destination',
  },
  {
    programs: ['chmod', 'chown', 'chgrp', 'setfacl'],
    flags: ['-R', '--recursive'],
    argument: /^\/(?:\*|etc|usr|var|bin|lib|boot|home|opt|root)?\/?$/,
    reason: 'changes the rights of system files',
  },
  { programs: ['restic', 'borg'], words: ['forget|prune|delete'], reason: 'removes backups' },
];
