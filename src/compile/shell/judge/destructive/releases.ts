import type { ReasonedShape } from '../shapes.js';

/** What git, its hosts and registries of packages keep. */
export const RELEASES: readonly ReasonedShape[] = [
  {
    programs: ['git'],
    words: ['push'],
    flags: ['-f', '--force', '--force-with-lease', '-d', '--delete', '--mirror', '--prune'],
    reason: 'overwrites or removes a branch of the remote',
  },
  { programs: ['git'], words: ['push'], argument: /^[+:]./, reason: 'overwrites or removes a branch of the remote' },
  { programs: ['git'], words: ['reset'], flags: ['--hard'], reason: 'discards changes' },
  {
    programs: ['git'],
    words: ['clean'],
    unless: ['-n', '--dry-run'],
    flags: ['-f', '--force', '-d', '-x', '-X'],
    reason: 'removes files that git does not track',
  },
  { programs: ['git'], words: ['checkout'], argument: /^(?:--|\.)$/, reason: 'discards changes' },
  {
    programs: ['git'],
    words: ['checkout|switch'],
    flags: ['-f', '--force', '--discard-changes'],
    reason: 'discards changes',
  },
  { programs: ['git'], words: ['restore'], unless: ['--staged', '-S'], reason: 'discards changes' },
  { programs: ['git'], words: ['branch'], flags: ['-D'], reason: 'removes a branch that may not be merged' },
  { programs: ['git'], words: ['tag'], flags: ['-d', '--delete'], reason: 'removes a tag' },
  { programs: ['git'], words: ['stash', 'drop|clear'], reason: 'discards stashed changes' },
  { programs: ['git'], words: ['filter-branch|filter-repo|update-ref'], reason: 'rewrites or removes what git keeps' },
  { programs: ['git'], words: ['reflog', 'expire|delete'], reason: 'removes what git keeps' },
  {
    programs: ['git'],
    words: ['worktree|remote|submodule', 'remove|rm|deinit'],
    reason: 'removes a working tree or a remote',
  },
  { programs: ['bfg', 'git-filter-repo'], reason: 'rewrites history' },
  {
    programs: ['gh'],
    words: ['repo|release|secret|variable|issue|run|cache|gist|label', 'delete|remove'],
    reason: 'removes it at the host',
  },
  { programs: ['gh'], words: ['repo', 'archive'], reason: 'archives a repository' },
  {
    programs: ['gh', 'glab'],
    words: ['api'],
    argument: /^(?:DELETE|-XDELETE|--method=DELETE)$/,
    reason: 'removes it at the host',
  },
  { programs: ['npm', 'pnpm', 'yarn'], words: ['unpublish|deprecate'], reason: 'withdraws a published package' },
  {
    programs: ['npm', 'pnpm', 'yarn', 'bun', 'cargo', 'poetry', 'uv', 'lerna', 'vsce'],
    words: ['publish'],
    reason: 'publishes what cannot be taken back',
  },
  { programs: ['yarn'], words: ['npm', 'publish'], reason: 'publishes what cannot be taken back' },
  { programs: ['twine'], words: ['upload'], reason: 'publishes what cannot be taken back' },
  { programs: ['gem'], words: ['push'], reason: 'publishes what cannot be taken back' },
  { programs: ['cargo', 'gem'], words: ['yank'], reason: 'withdraws a published package' },
];
