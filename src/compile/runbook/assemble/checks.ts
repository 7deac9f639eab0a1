import type { JsonObject, JsonValue } from '#ir/json.js';
import { literal } from '../../literal.js';
import type { Decision } from '../blocks/decision.js';
import { commandWords, firstLine, Ids, slug } from '../blocks/names.js';
import { installed, isInstall, isPackageName } from '../blocks/work.js';
import { durationMs } from '../markdown/durations.js';
import { placeText, type StepParts, shellCall, sqlCall } from './step.js';

/** The longest output that is compared; longer ones differ for reasons of their own. */
const SHOWN_LINES = 20;

/**
 * The verifiers that a check becomes: the command itself, and, as a warning only, whether it prints what the document shows.
 * `order` is the place of the step that is checked; the check sees the shell as that step leaves it.
 */
export function checkVerifiers(
  decision: Decision,
  order: number,
  taken: readonly JsonObject[],
  parts: StepParts,
): JsonObject[] {
  const id = freeId(checkName(decision), taken);
  const withinMs = durationMs(attributeOf(decision, 'within'));
  if (decision.form === 'sql') {
    const config = { ...sqlCall(decision, parts), expect: { value: expectedValue(attributeOf(decision, 'expect')) } };
    return [{ id, kind: 'sql', config: { ...config, ...(withinMs === undefined ? {} : { withinMs }) } }];
  }
  const call = shellCall(decision, order + 1, parts);
  const config = { ...call, ...(withinMs === undefined ? {} : { withinMs }) };
  const expected = shownText(decision.shown) ?? decision.prints;
  const verifier = { id, kind: 'shell', config, ...(decision.advisory === true ? { required: false } : {}) };
  if (expected === undefined) return [verifier];
  const compared = {
    id: `${id}-output`,
    kind: 'shell',
    config: { ...config, stdoutContains: literal(expected), wholeWord: true },
    required: false,
  };
  return [verifier, compared];
}

/** `true` and `3` are meant as such; anything else is text. */
function expectedValue(written: string): JsonValue {
  return /^(?:true|false|null|-?\d{1,15}(?:\.\d{1,9})?)$/.test(written) ? JSON.parse(written) : written;
}

/** As a warning only: whether a step prints what the document shows below its commands. */
export function outputVerifier(decision: Decision): JsonObject[] {
  const pattern = shownPattern(decision.shown) ?? containing(decision.prints);
  if (pattern === undefined || decision.background !== undefined || decision.form !== 'shell') return [];
  const schema = { type: 'string', pattern };
  return [{ id: 'shown-output', kind: 'json_schema', config: { schema, path: '/stdout' }, required: false }];
}

/** Conditions of the first step, checked in the shell as it is before: that the command passes, or that what it installs is there. */
export function preconditionsOf(decision: Decision, taken: readonly JsonValue[], parts: StepParts): JsonObject[] {
  const { facts } = decision;
  if (facts === undefined || !isInstall(facts)) {
    const config = shellCall(decision, 0, parts);
    return [{ id: freeId(checkName(decision), taken), kind: 'shell', config }];
  }
  const mend = `Install it: ${facts.commands.length === 1 ? firstLine(decision.script) : `see ${placeText(parts.file, decision.block.lines)}`}`;
  return installed(facts)
    .filter(isPackageName)
    .map((name) => ({
      id: freeId(`command-${slug(name)}`, taken),
      kind: 'shell',
      config: { run: presence(name) },
      mend,
    }));
}

/** A program of that name, else a package: names of packages and of what they bring differ. */
function presence(name: string): string {
  const program = name.replace(/^.*\//, '');
  const packages = [
    `dpkg -s ${name}`,
    `rpm -q ${name}`,
    `brew list ${name}`,
    `apk info -e ${name}`,
    `pacman -Q ${name}`,
    `pip show ${name}`,
    `npm ls -g ${name}`,
  ];
  return [`command -v ${program}`, ...packages].map((check) => `${check} >/dev/null 2>&1`).join(' || ');
}

function checkName(decision: Decision): string {
  const named = slug(attributeOf(decision, 'name'));
  const command = decision.facts?.commands.find(({ program }) => program !== '');
  return named || (command === undefined ? '' : slug(commandWords(command).join(' '))) || 'check';
}

/** An id that none of the others has. */
export function freeId(hint: string, others: readonly JsonValue[]): string {
  const ids = new Ids();
  for (const other of others)
    if (typeof other === 'object' && other !== null && 'id' in other && typeof other['id'] === 'string')
      ids.take(other['id']);
  return ids.take(hint);
}

/** What is looked for in the output: all that is shown, up to where it says that something was left out. */
function shownText(shown: string | undefined): string | undefined {
  const lines = shownLines(shown);
  const cut = lines.findIndex((line) => /\.{3}|…/.test(line));
  const text = (cut === -1 ? lines : lines.slice(0, cut)).join('\n').trim();
  return text === '' ? undefined : text;
}

/**
 * The shown lines as a pattern of RE2: exactly these, but for blanks at the ends of lines and blank lines; anything where the
 * document has an ellipsis.
 */
function shownPattern(shown: string | undefined): string | undefined {
  const lines = shownLines(shown).filter((line) => line.trim() !== '');
  if (lines.length === 0) return undefined;
  let pattern = '^\\s*';
  let open = true;
  for (const line of lines) {
    const omits = /^\s*(?:\.{3}|…)\s*$/.test(line);
    if (!open && !omits) pattern += '[ \\t\\r]*\\n\\s*';
    pattern += omits ? '[\\s\\S]*' : linePattern(line);
    open = omits;
  }
  return `${pattern}\\s*$`;
}

/** A text anywhere in the output, and no part of a longer word or number: 3 is not in 13, in 2.3 or in -3. */
function containing(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const begin = /^\d/.test(text) ? String.raw`(?:^|[^\w.,-]|(?:^|\D)[.,]|\w-)` : /^\w/.test(text) ? '(?:^|\\W)' : '';
  const end = /\d$/.test(text) ? String.raw`(?:[^\w.,]|[.,](?:\D|$)|$)` : /\w$/.test(text) ? '(?:\\W|$)' : '';
  return `${begin}${linePattern(text)}${end}`;
}

/** Blanks of any width between words. */
function linePattern(line: string): string {
  const words = line.trim().split(/\s+/);
  return words
    .map((word) =>
      word
        .split(/\.{3}|…/)
        .map(escaped)
        .join('.*'),
    )
    .join('[ \\t]+');
}

function shownLines(shown: string | undefined): string[] {
  const lines = (shown ?? '').split('\n').map((line) => line.trimEnd());
  return lines.length > SHOWN_LINES || lines.every((line) => line.trim() === '') ? [] : lines;
}

function escaped(word: string): string {
  return word.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function attributeOf({ block }: Decision, key: string): string {
  return block.kind === 'code' ? (block.attributes.get(key) ?? '') : '';
}
