import type { Command } from '#compile/shell/facts.js';
import { STRONG, WEAK } from './destructive/words.js';
import { getChanges } from './requests.js';

/** They hand their input on to a server, which does what it says; of these nothing else says whether they only look. */
export const BARE_SENDERS: ReadonlySet<string> = new Set(['nc', 'ncat', 'netcat', 'socat', 'openssl']);
const SENDERS: ReadonlySet<string> = new Set([
  ...BARE_SENDERS,
  'telnet',
  'redis-cli',
  'valkey-cli',
  'mongo',
  'mongosh',
]);

/** Lines that ask a server how it is, of memcached, ZooKeeper, Redis, HAProxy, mail and the web. */
const LOOKS =
  /^(?:|stats?|stats (?:items|slabs|sizes|settings|conns)|ruok|mntr|srvr|conf|cons|envi|wchs|isro|ping|info(?: \w+)?|dbsize|version|prompt|show [\w ./=-]+|help|noop|(?:ehlo|helo) \S+|q|quit|exit|(?:get|head|options) \S+(?: http\/[\d.]+)?|(?:host|user-agent|accept|connection): .*)$/i;
const REMOVES = new RegExp(
  String.raw`\b(?:${STRONG}|${WEAK}|dropdatabase|flush_?all|flush_?db|shutdown|del|unlink|unload|disable|clear|kill)\b|^restart\b`,
  'i',
);

/** Whether what a sender is fed only asks how things are; what nobody knows (a file, what a program prints) may be anything. */
export function isFedLook({ input }: Pick<Command, 'input'>): boolean {
  if (input.kind === 'terminal') return true;
  return input.kind !== 'file' && input.text !== undefined && linesOf(input.text).every(isLook);
}

/** What it is fed that removes something: `echo flush_all | nc HOST 11211`. */
export function removalFed({ program, input }: Pick<Command, 'program' | 'input'>): string | undefined {
  if (!SENDERS.has(program) || !(input.kind === 'text' || input.kind === 'pipe')) return undefined;
  return linesOf(input.text ?? '').find((line) => !isLook(line) && REMOVES.test(line));
}

function isLook(line: string): boolean {
  return LOOKS.test(line) && !getChanges(line.split(' ').slice(1, 2));
}

function linesOf(text: string): readonly string[] {
  return text
    .replace(/^["']|["']$/g, '')
    .split(/\\r|\\n|\r?\n/)
    .map((line) => line.trim());
}
