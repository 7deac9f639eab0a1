import type { Command } from '#compile/shell/facts.js';
import { isReadOnly } from './reading.js';
import { plainWords } from './shapes.js';

/** Programs that change files, processes or packages, whatever their words are. */
const PROGRAMS =
  /^(?:cp|mv|rm|rmdir|mkdir|truncate|shred|ln|touch|chmod|chown|chgrp|tee|dd|tar|rsync|scp|install|kill|killall|pkill|unzip|patch|sed|crontab|useradd|usermod|reboot|createdb|pg_restore|pg_dump|mysqldump|certbot|alembic)$/;

/** What the first words of programs with subcommands say that they do. */
const VERBS =
  /^(?:start|stop|restart|reload|enable|disable|up|down|apply|create|delete|scale|rollout|set|patch|install|add|remove|uninstall|pull|push|clone|checkout|commit|merge|reset|deploy|publish|upgrade|update|migrate|import|restore|rollback|rotate|revoke|promote|sync|cordon|uncordon|drain|annotate|label|taint|expose|replace|edit|init|ci|i|rm|cp|mv|put|write|send|submit|execute|daemon-reload|undo|backup|repair|rebuild|failover)$/;

/** Programs whose `run` starts something that stays; a pod with `--rm` does not. */
const STARTERS = /^(?:docker|podman|nerdctl|kubectl|oc|gcloud|heroku|flyctl|fly)$/;
/** The only word behind their `run` is an image; `hello-world` says that it works, and ends. To others it is a name. */
const CONTAINERS = /^(?:docker|podman|nerdctl)$/;

/** Options of `journalctl` that do more than show. */
const SHRINKS = /^--(?:vacuum-|rotate|flush)/;

const LOOKS = /^(?:status|history|list|ls|get|show|describe|check|verify|test|health|diff)$/;

/** What the name of a playbook says that it looks at: `health-check.yml`, `dr-validate.yml`, `verify_backup.yaml`. */
const LOOKING_PLAYBOOK =
  /(?:^|[/_.-])(?:pre-?flight|smoke-?tests?|health-?checks?|checks?|verif(?:y|ication)|validat(?:e|ion)|status)\.ya?ml$/;

/** `deploy-and-verify.yml` does more. */
const DOING = /deploy|restor|roll|reset|rebuild|install|updat|upgrad|migrat|rotat|creat|delet|remov|fix|appl/i;

/** Whether a command is known to change something. What nobody knows (a script, a target of make) is not. */
export function isActing(command: Command): boolean {
  if (isReadOnly(command) || command.args.includes('--dry-run') || command.args.includes('--help')) return false;
  const { program, args, writes } = command;
  if (PROGRAMS.test(program) || (program === 'journalctl' && args.some((word) => SHRINKS.test(word)))) return true;
  if (program === 'ansible-playbook') return !onlyLooks(args.filter((word) => /\.ya?ml$/.test(word)));
  if (writes.some((file) => !/^"?(?:\/tmp\/|\$\{?TMPDIR)/.test(file))) return true;
  const words = plainWords(command).slice(0, 3);
  if (STARTERS.test(program) && words[0] === 'run')
    return !(CONTAINERS.test(program) ? words.join(' ') === 'run hello-world' : args.includes('--rm'));
  if (words.some((word) => LOOKS.test(word))) return false;
  return words.flatMap((word) => (JOINERS.test(program) ? joined(word) : [word])).some((word) => VERBS.test(word));
}

function onlyLooks(playbooks: readonly string[]): boolean {
  return playbooks.length > 0 && playbooks.every((file) => LOOKING_PLAYBOOK.test(file) && !DOING.test(file));
}

/** They join their verbs: `artisan backup:run`, `rake db:migrate`. Elsewhere a colon begins a tag, a port, a member. */
const JOINERS =
  /^(?:php|artisan|console|symfony|composer|rake|gitlab-rake|rails|bundle|npm|pnpm|yarn|bun|deno|gulp|grunt|mix|make|task|just|mise)$/;

/** What a joined word does; nothing when it looks at that: `migrate:status`. */
function joined(word: string): readonly string[] {
  const parts = word.split(':');
  return parts.some((part) => LOOKS.test(part)) ? [] : parts;
}
