import type { Command, ShellFacts } from '../../shell/facts.js';
import { type Manager, managerOf } from '../../shell/judge/managers.js';
import { isLongRunning } from '../../shell/judge/running.js';
import { wayIn } from '../words/headings.js';
import { phrase } from '../words/phrase.js';
import { codeLines, isCodeLine } from '../words/text.js';
import { paragraphWays } from '../words/ways-of-paragraphs.js';

const OR_LINE = phrase(
  /^\s*#+\s*(?:or\b|alternativ\p{L}*|oder\b|ou\b|o bien\b|или(?!\p{L})|(?:lub|albo|oppure|veya|либо)(?!\p{L})|o (?:(?:usar?|con|mediante|ejecutar?|directamente)\b|\p{L}+\s*:?\s*$)|或者?|或是|または|もしくは|또는|혹은|- or -)/iu,
);

const TOOLS =
  'npm|npx|yarn|pnpm|bun|deno|bower|jspm|pip|pip3|pipx|poetry|uv|conda|mamba|homebrew|brew|macports|apt|apt-get|dnf|yum|pacman|apk|snap|flatpak|zypper|cargo|nix|winget|scoop|choco|chocolatey|docker|podman|docker compose|kubernetes|helm';
const SYSTEMS =
  'macos|mac os x?|mac|osx|linux|windows|wsl|freebsd|unix|debian|ubuntu|fedora|rhel|red hat|centos|rocky|alma ?linux|arch(?: linux)?|alpine|opensuse|suse|nixos|gentoo|raspberry pi(?: os)?';
const STAGES =
  'production|prod|staging|development|dev|local|qa|uat|pre-?prod|produktion|abnahme|entwicklung|producción|desarrollo|produção|homologação|desenvolvimento|produzione|collaudo|recette|préprod|développement|生产(?:环境)?|测试环境|开发环境|预发布?(?:环境)?|本番(?:環境)?|検証環境|開発環境|ステージング(?:環境)?|운영(?: 환경)?|개발(?: 환경)?|스테이징|прод|продакшн|стейджинг';
const NAMES = [TOOLS, SYSTEMS, STAGES].map((names) => {
  const more = String.raw`(?:[\s/,|&()+:-]+(?:(?:or|and|users?|based|only|systems?|family|derivatives?|recommended|package manager|\d[\w.+]*|lts)\b|(?:${names})\b))*`;
  const lead = String.raw`(?:(?:(?:install|run|start|build|deploy|add)(?:ing|ation)?\s+)?(?:using|with|via|for|on|from|in|mit|unter|auf|avec|sur|pour|con|en|para)\s+)?(?:the\s+)?`;
  return phrase(new RegExp(String.raw`^${lead}(?:${names})(?!\p{L})${more}[^\p{L}\p{N}]*$`, 'iu'));
});
const VERSION = /\b(?:or|and) (?:later|newer|earlier|older|above|below|higher|lower|up)\b|(?:^|\s)[<>]=?\s*v?\d/i;

/** The scripts of which one is to be taken; several only when each is a single command, or it is plain what an "or" is about. */
export function alternativeScripts(script: string, facts: ShellFacts): readonly string[] {
  return waysIn(script, facts).scripts;
}

/** Whether a script shows several ways, and it is not plain which lines are which. */
export function holdsUnclearWays(script: string, facts: ShellFacts): boolean {
  const { parts, scripts } = waysIn(script, facts);
  return parts.length > 1 && scripts.length < 2;
}

interface Ways {
  /** Several where a comment says "or", comments name what each is for, or one thing is installed twice. */
  readonly parts: readonly string[];
  readonly scripts: readonly string[];
}

/** Several rules ask about the same script, one after the other. */
let latest: { readonly script: string; readonly facts?: ShellFacts; readonly ways: Ways } = {
  script: '',
  ways: { parts: [], scripts: [] },
};

function waysIn(script: string, facts: ShellFacts): Ways {
  if (latest.facts !== facts || latest.script !== script) {
    const parts = splitWays(script, facts);
    latest = { script, facts, ways: { parts, scripts: scriptsOf(parts, script, facts) } };
  }
  return latest.ways;
}

function scriptsOf(parts: readonly string[], script: string, facts: ShellFacts): readonly string[] {
  const single = parts.every((part) => codeLines(part.replaceAll(/\\\n|\|\s*\n/g, ' ')).length === 1);
  return single ? parts : (paragraphWays(script, facts, isOrLine) ?? namedWays(script, parts, facts));
}

/** "# Using npm" above some lines, "# Using yarn" above others, and nothing else: each is a way that a machine has or has not. */
function namedWays(script: string, scripts: readonly string[], { commands }: ShellFacts): readonly string[] {
  const whole = scripts.every((part) => {
    const [first = ''] = part.split('\n');
    return /^(?:tool|system):/.test(wayOf(first) ?? '') && !/\n[ \t]*\n/.test(part);
  });
  return whole && commands.every((command) => isLongRunning(command) === undefined) ? scripts : [script];
}

function isOrLine(line: string): boolean {
  return OR_LINE.test(line);
}

function splitWays(script: string, facts: ShellFacts): readonly string[] {
  if (!script.includes('\n')) return [script];
  const lines = script.split('\n');
  const commented = script.includes('#') ? commentedWays(lines) : [];
  if (commented.length > 0) return commented;
  if (servesTwice(facts, script)) return lines.filter(isCodeLine);
  if (!installsTwice(facts.commands)) return [script];
  const alone = codeLines(script);
  return alone.length === facts.commands.length ? alone : [script, script];
}

/** Those that comments tell apart; none when there are no such comments. */
function commentedWays(lines: readonly string[]): readonly string[] {
  const either = parts(lines, isOrLine);
  if (either.length > 1) return either;
  const named = new Set(lines.map(wayOf).filter((way) => way !== undefined));
  const kinds = [...named].map((way) => way.slice(0, way.indexOf(':')));
  const kind = kinds.find((one, i) => kinds.indexOf(one) !== i);
  return kind === undefined ? [] : parts(lines, (line) => wayOf(line)?.startsWith(`${kind}:`) === true);
}

function parts(lines: readonly string[], begins: (line: string) => boolean): string[] {
  const found: string[][] = [[]];
  for (const line of lines) {
    if (begins(line)) found.push([line]);
    else found.at(-1)?.push(line);
  }
  return found.map((part) => part.join('\n').trim()).filter((part) => codeLines(part).length > 0);
}

/** What a comment of its own line says that the lines below it are for: `tool:using yarn`, `system:debian/ubuntu`, `way:option a`. */
function wayOf(line: string): string | undefined {
  const [, comment] = /^\s*#+\s*(\S.*)$/.exec(line) ?? [];
  if (comment === undefined || comment.split(/\s+/).length > 9) return undefined;
  const way = wayIn(comment);
  if (way !== undefined) return `way:${way}`;
  if (VERSION.test(comment)) return `version:${comment.toLowerCase()}`;
  const bare = comment.replaceAll(/[\p{Extended_Pictographic}*_`]/gu, '').trim();
  const at = NAMES.findIndex((pattern) => pattern.test(bare));
  return at < 0 ? undefined : `${['tool', 'system', 'stage'][at]}:${comment.toLowerCase()}`;
}

/** Managers of which a machine has one. Snap and the like stand beside another. */
const SYSTEM = /^(?:apt|dnf|yum|pacman|apk|zypper|brew|port|emerge|nix-env|choco|winget|scoop|yay|paru)$/;

/** Nothing but programs that do not end, one on each line: all but the first would never start. */
function servesTwice({ commands }: ShellFacts, script: string): boolean {
  if (commands.length < 2 || codeLines(script).length !== commands.length) return false;
  return commands.every((command) => !command.inBackground && isLongRunning(command)?.kind === 'server');
}

/** One thing with two managers, or in two versions. `npm install -g yarn` and then `yarn` are two steps. */
function installsTwice(commands: readonly Command[]): boolean {
  if (commands.length < 2) return false;
  const installs = commands.flatMap((command) => {
    const manager = managerOf(command);
    return manager?.action === 'install' ? [{ ...manager, words: command.args.join(' ') }] : [];
  });
  const moves = commands.some(({ program }) => program === 'cd' || program === 'pushd');
  return installs.some((one, i) => installs.slice(i + 1).some((other) => areSame(one, other, moves)));
}

type Install = Manager & { readonly words: string };

function areSame(one: Install, other: Install, moves: boolean): boolean {
  if (one.family !== other.family || one.packages.includes(other.name) || other.packages.includes(one.name))
    return false;
  const shared = one.packages.some((name) => /^[@\w]/.test(name) && other.packages.includes(name));
  if (one.name === other.name) return shared && one.words !== other.words && one.packages.length === 1;
  if (one.family === 'system') return SYSTEM.test(one.name) && SYSTEM.test(other.name);
  const wholly = one.family === 'node' && one.packages.length === 0 && other.packages.length === 0;
  return shared || (wholly && !moves) || bare(one.packages).some((name) => bare(other.packages).includes(name));
}

/** `npm:lru.min` and `jsr:@eemeli/yaml` are `lru.min` and `@eemeli/yaml`. */
function bare(packages: readonly string[]): string[] {
  return packages.map((name) => name.replace(/^(?:npm|jsr):/, ''));
}
