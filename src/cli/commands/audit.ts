import { Argument, Option } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import type { CommandModule } from '../command.js';
import { FORCE_OPTION } from '../out-file.js';
import type { AuditOptions } from './audit/options.js';

const SUBJECTS = {
  list: () => import('./audit/look.js').then(({ list }) => list),
  show: () => import('./audit/look.js').then(({ show }) => show),
  head: () => import('./audit/head.js').then(({ head }) => head),
  export: () => import('./audit/export.js').then(({ exportLog }) => exportLog),
  verify: () => import('./audit/verify.js').then(({ verify }) => verify),
  rotate: () => import('./audit/rotate.js').then(({ rotate }) => rotate),
} as const;
type Subject = keyof typeof SUBJECTS;
const NAMES = Object.keys(SUBJECTS) as Subject[];

/** Who did or asked what: looked at, exported, and checked without the room. */
export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(NAMES).default('list'))
      .argument('[which]', 'of show: the place of the entry; of verify: the file')
      .option('--kind <kind>', 'of list and export: the kind of entry or its beginning: call., call.runs., external:')
      .option('--ai', 'of list and export: questions that were asked at /ai/')
      .option('--actor <who>', 'of list and export: person:EMAIL, key:NAME, user:NAME@HOST')
      .option('--since <time>', 'of list and export: from this moment on, as 2026-11-01 or 7d')
      .option('--until <time>', 'of list and export: before this moment')
      .option('--refused', 'of list and export: only what was refused or failed')
      .option('--limit <n>', 'of list: how many', '50')
      .option('--before <place>', 'of list: entries below this place')
      .option('--out <file>', 'of export, head and rotate: where to write')
      .addOption(new Option('--format <format>', 'of export').choices(['json', 'csv']).default('json'))
      .option('--older-than <days>', 'of rotate: entries older than this leave the database: 400d')
      .option('--key <file>', 'of verify: public key (PEM) that must have signed; several mean one of them', several)
      .option('--against <file>', 'of verify: an earlier head or export of the same log')
      .option(...FORCE_OPTION);
  },
  examples: [
    'audit list --since 7d --refused',
    'audit list --ai',
    'audit show 41',
    'audit head --out head.json',
    'audit export --out audit.jsonl --since 2026-11-01',
    'audit verify audit.jsonl --key room.pub.pem --against head.json',
    'audit rotate --older-than 400d --out audit-2025.jsonl',
  ],
  async run({ args: [what = 'list', which], command, output }) {
    if (which !== undefined && what !== 'show' && what !== 'verify') {
      throw new OpsroomError('USAGE', { what: `"audit ${what}" takes no "${which}".` });
    }
    const run = await SUBJECTS[what as Subject]();
    return run({ which, options: command.opts<AuditOptions>(), output });
  },
};

const several = (file: string, before?: readonly string[]): readonly string[] => [...(before ?? []), file];
