import type { ShellFacts } from '../../shell/facts.js';

/** Files of settings; not `.venv/bin/activate`, of which it is known what it sets. */
const SETTINGS =
  /(?:^|[/._-])(?:env|envrc|environment|vars|variables|settings|config|conf|secrets|credentials|openrc)(?:[._-][\w.-]*)?["']?$/i;

/**
 * Where a script has taken in a file of settings: `. ./.env`, `export $(grep -v '^#' .env | xargs)`. Behind it nobody knows from here
 * which variables are set.
 */
export function settingsTakenIn({ commands }: ShellFacts): number | undefined {
  return commands.find(({ program, args, subshell }) => {
    if (subshell) return false;
    if (program === 'export') return args.some((word) => /^"?(?:\$\(|`)/.test(word));
    return /^(?:source|\.)$/.test(program) && SETTINGS.test(args[0] ?? '');
  })?.end;
}

/** The variables that a script reads, as far as one sees it by its signs. */
export function variablesRead(script: string): ReadonlySet<string> {
  return new Set([...script.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name));
}
