import type { CommandModule } from './command.js';

interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Works in no room, or in one of its own, so that no organisation can be chosen. */
  readonly roomless?: true;
  load(): Promise<{ readonly command: CommandModule }>;
}

/** Every command. Help is made from this table alone: nothing of a command is loaded before it is called. */
export const COMMANDS: readonly Entry[] = [
  {
    name: 'start',
    summary: 'Start the room: web app, API, worker, database',
    load: () => import('./commands/start.js'),
  },
  { name: 'stop', summary: 'Stop the room that runs here', load: () => import('./commands/stop.js') },
  {
    name: 'plan',
    summary: 'Draft a plan for a goal in plain words; nothing runs',
    load: () => import('./commands/plan.js'),
  },
  {
    name: 'models',
    summary: 'Show calls of language models: tokens, cost, time',
    load: () => import('./commands/models.js'),
  },
  {
    name: 'documents',
    summary: 'Read PDF, Word, web pages and pictures, and draft plans from them',
    load: () => import('./commands/documents.js'),
  },
  {
    name: 'templates',
    summary: 'List and show plans with inputs that are ready to run',
    load: () => import('./commands/templates.js'),
  },
  {
    name: 'skills',
    summary: 'List, show and check the skills that plans may use',
    load: () => import('./commands/skills.js'),
  },
  { name: 'run', summary: 'Run a plan and wait for its end', load: () => import('./commands/run.js') },
  { name: 'compile', summary: 'Check a plan without running it', load: () => import('./commands/compile.js') },
  {
    name: 'export',
    summary: 'Take a plan elsewhere: GitHub Actions, Claude Code, Codex, Markdown',
    load: () => import('./commands/export.js'),
  },
  {
    name: 'review',
    summary: 'Go through a runbook block by block and lock what was decided',
    load: () => import('./commands/review.js'),
  },
  {
    name: 'board',
    summary: 'Show how the room stands: lanes, what runs, why work waits',
    load: () => import('./commands/board.js'),
  },
  { name: 'runs', summary: 'List runs, the newest first', load: () => import('./commands/runs.js') },
  {
    name: 'sessions',
    summary: 'List, begin, rename and archive sessions',
    load: () => import('./commands/sessions.js'),
  },
  {
    name: 'dashboard',
    summary: 'Say how well the room does, against its targets',
    load: () => import('./commands/dashboard.js'),
  },
  {
    name: 'notify',
    summary: 'Say who is told what, by Slack, Discord, a signed webhook or e-mail',
    load: () => import('./commands/notify.js'),
  },
  {
    name: 'schedules',
    summary: 'Start plans at the times of a cron expression, in a time zone',
    load: () => import('./commands/schedules.js'),
  },
  {
    name: 'webhooks',
    summary: 'Let signed events from outside start plans',
    load: () => import('./commands/webhooks.js'),
  },
  {
    name: 'limits',
    summary: 'Show and change what holds runs, tools and requests back',
    load: () => import('./commands/limits.js'),
  },
  { name: 'views', summary: 'List, save and delete filters over runs', load: () => import('./commands/views.js') },
  {
    name: 'show',
    summary: 'Show one run: its steps, verdicts, and what it waits for',
    load: () => import('./commands/show.js'),
  },
  { name: 'logs', summary: 'Show what the steps of a run printed', load: () => import('./commands/logs.js') },
  { name: 'cancel', summary: 'End a run now', load: () => import('./commands/cancel.js') },
  { name: 'pause', summary: 'Let running steps finish and start no more', load: () => import('./commands/pause.js') },
  { name: 'resume', summary: 'Go on with a run that was paused or waits', load: () => import('./commands/resume.js') },
  {
    name: 'rerun',
    summary: 'Run again what failed, or everything from a step on',
    load: () => import('./commands/rerun.js'),
  },
  { name: 'rollback', summary: 'Undo the steps of a run that has ended', load: () => import('./commands/rollback.js') },
  {
    name: 'archive',
    summary: 'Take a run that has ended out of the lists',
    load: () => import('./commands/archive.js'),
  },
  { name: 'bulk', summary: 'Cancel, re-run or archive many runs at once', load: () => import('./commands/bulk.js') },
  { name: 'answer', summary: 'Answer what the tool of a step asks', load: () => import('./commands/answer.js') },
  { name: 'confirm', summary: 'Say that a step done by a person is done', load: () => import('./commands/confirm.js') },
  { name: 'resolve', summary: 'Say how a step that was cut short ended', load: () => import('./commands/resolve.js') },
  {
    name: 'propose',
    summary: 'Ask for a run that others must agree to',
    load: () => import('./commands/propose.js'),
  },
  {
    name: 'intents',
    summary: 'List what was asked for, and what it waits for',
    load: () => import('./commands/intents.js'),
  },
  { name: 'approve', summary: 'Agree to what was asked for', load: () => import('./commands/approve.js') },
  { name: 'reject', summary: 'Say no to what was asked for', load: () => import('./commands/reject.js') },
  { name: 'withdraw', summary: 'Take back what you asked for', load: () => import('./commands/withdraw.js') },
  { name: 'proofs', summary: 'Export the proof bundle of a run', load: () => import('./commands/proofs.js') },
  {
    name: 'verify',
    summary: 'Check a proof bundle; needs no room and no network',
    roomless: true,
    load: () => import('./commands/verify.js'),
  },
  {
    name: 'diff',
    summary: 'Compare two plans step by step: files, runs, digests',
    load: () => import('./commands/diff.js'),
  },
  {
    name: 'replay',
    summary: 'Decide a run anew from its records, or name the first difference',
    load: () => import('./commands/replay.js'),
  },
  {
    name: 'audit',
    summary: 'Look into the audit log, export it, check an export, move old entries into a file',
    load: () => import('./commands/audit.js'),
  },
  {
    name: 'mcp',
    summary: 'Let Cursor, Claude Code or Codex use the room over MCP',
    load: () => import('./commands/mcp.js'),
  },
  { name: 'keys', summary: 'Make, list and revoke API keys', load: () => import('./commands/keys.js') },
  {
    name: 'policy',
    summary: 'Show, explain, test and check the policies that decide',
    load: () => import('./commands/policy.js'),
  },
  { name: 'secrets', summary: 'Set, list, import and export secrets', load: () => import('./commands/secrets.js') },
  {
    name: 'members',
    summary: 'List members, give them roles, take them out',
    load: () => import('./commands/members.js'),
  },
  {
    name: 'invite',
    summary: 'Make a link by which somebody becomes a member, once',
    load: () => import('./commands/invite.js'),
  },
  { name: 'orgs', summary: 'List and make organisations', load: () => import('./commands/orgs.js') },
  {
    name: 'owner-link',
    summary: 'Make a link that lets an owner in, once',
    load: () => import('./commands/owner-link.js'),
  },
  {
    name: 'schema',
    summary: 'Print the JSON Schema of plan files',
    roomless: true,
    load: () => import('./commands/schema.js'),
  },
  { name: 'doctor', summary: 'Say what this machine has and lacks', load: () => import('./commands/doctor.js') },
  { name: 'worker', summary: 'Start another worker for the room', load: () => import('./commands/worker.js') },
  { name: 'migrate', summary: 'Bring the database up to this version', load: () => import('./commands/migrate.js') },
  { name: 'backup', summary: 'Write the whole room into one file', load: () => import('./commands/backup.js') },
  { name: 'restore', summary: 'Fill an empty room from a backup', load: () => import('./commands/restore.js') },
  {
    name: 'demo',
    summary: 'Watch a worker be killed and the run survive',
    roomless: true,
    load: () => import('./commands/demo.js'),
  },
];
