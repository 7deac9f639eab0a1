import { ID_PATTERN } from '#ir/plan.js';
import type { Command } from '../../shell/facts.js';
import type { Section } from '../markdown/document.js';
import { isGeneric, tellingSection } from '../words/generic-headings.js';
import { saysOtherwise } from '../words/intro.js';
import type { Decision } from './decision.js';

/** Commands that say nothing about what a block is for. */
const SILENT = new Set([
  '',
  'cd',
  'echo',
  'export',
  'set',
  'source',
  '.',
  'printf',
  'pushd',
  'popd',
  'umask',
  'true',
  ':',
]);
/** They say nothing where no word of theirs is known. */
const MUTE = /^(?:cat|tee|sudo|sleep|wait|read|eval|env|time)$/;
const TITLE_LENGTH = 100;

/** How a step is called by people: its own name, the item or sentence it stands under, its heading, its first line. */
export function titleOf(decision: Decision, aloneInSection: boolean): string {
  const { block, part } = decision;
  if (part !== undefined && part.title !== '') return part.title;
  if (block.kind === 'item') return clip(firstSentence(headed(block.said)) || block.section.heading || 'Do it');
  const named = block.attributes.get('name');
  if (named !== undefined && named !== '') return clip(named);
  const item = firstSentence(headed(block.item?.said ?? ''));
  if (item !== '' && item.length <= TITLE_LENGTH) return item;
  const { heading } = block.section;
  if (aloneInSection && heading !== '' && !isGeneric(block.section)) return clip(heading);
  const intro = tellingIntro(block.intro);
  if (intro !== '') return intro;
  const around = aloneInSection ? tellingSection(block.section)?.heading : undefined;
  if (around !== undefined) return clip(around);
  const command = firstLine(decision.script);
  return clip(heading === '' ? command : `${heading}: ${command}`);
}

function tellingIntro(said: string): string {
  const intro = firstSentence(said);
  return intro.length > 8 && intro.length <= 80 && !saysOtherwise(intro) ? intro : '';
}

/** The first line that holds a command: no comment, and no bracket alone. */
export function firstLine(script: string): string {
  const lines = script.split('\n').map((line) => line.trim());
  return clip(lines.find((line) => /^[^#]/.test(line) && !/^[!({\s]+$/.test(line)) ?? lines[0] ?? '');
}

/**
 * What the id of a step is made of: its own name, its heading when it stands there alone, else its first command that tells something. Where
 * the heading tells nothing, the text before it does, or a heading above.
 */
export function idHint(decision: Decision, aloneInSection: boolean): string {
  const { block, facts } = decision;
  if (block.kind === 'item') return firstWords(firstSentence(headed(block.said)));
  const named = slug(block.attributes.get('name') ?? '');
  if (named !== '') return named;
  const said = aloneInSection ? saidId(decision) : '';
  if (said !== '') return said;
  const command = facts?.commands.find((one) => !one.substituted && tells(one));
  return (
    (command === undefined ? '' : slug(commandWords(command).join(' '))) || saidId(decision) || asId(block.section)
  );
}

/** By what the document says: the heading, or the words right above, where that is only called "Steps". A part has a title of its own. */
function saidId({ block, part }: Decision): string {
  if (!isGeneric(block.section)) return asId(block.section);
  const intro = block.kind === 'code' ? tellingIntro(block.item?.said ?? block.intro) : '';
  const words = firstWords(part === undefined ? intro : part.title);
  const around = tellingSection(block.section);
  return words || (around === undefined ? '' : asId(around));
}

const firstWords = (text: string): string => slug(text.split(/\s+/).slice(0, 5).join(' '));

function tells(command: Command): boolean {
  return !SILENT.has(command.program) && !(MUTE.test(command.program) && commandWords(command).length === 1);
}

/** The program and its first words that are no options: `docker compose up`. */
export function commandWords({ program, args }: Command): string[] {
  const words = args.filter((arg) => /^[A-Za-z][\w:.-]*$/.test(arg));
  return [program, ...words.slice(0, 2)];
}

/** Gives out ids that a plan accepts, each once. The same hints in the same order give the same ids. */
export class Ids {
  readonly #used = new Set<string>();
  readonly #counts = new Map<string, number>();

  take(hint: string): string {
    const base = baseOf(hint);
    let count = this.#counts.get(base) ?? 0;
    let id = base;
    do {
      count += 1;
      id = count === 1 ? base : `${base}-${count}`;
    } while (this.#used.has(id));
    this.#counts.set(base, count);
    this.#used.add(id);
    return id;
  }
}

function baseOf(hint: string): string {
  if (hint === '') return 'step';
  if (ID_PATTERN.test(hint)) return hint.slice(0, 80);
  return ID_PATTERN.test(`step-${hint}`) ? `step-${hint}`.slice(0, 80) : 'step';
}

function asId(section: Section): string {
  return slug(section.slug);
}

const ASCII = /^[ -~]*$/;

/** Lower case letters without their accents, digits and single hyphens; empty when nothing of the text is left. */
export function slug(text: string): string {
  return (ASCII.test(text) ? text : text.normalize('NFKD').replaceAll(/\p{M}/gu, ''))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
}

/** A short first line with a sentence below it is the name of both: "Restart", "Then call the person on call". */
function headed(said: string): string {
  const [, head, rest] = /^(.{3,50}?)\n(\p{Lu}[\s\S]*)$/u.exec(said) ?? [];
  return head === undefined || /[,;]$/.test(head) ? said : `${head}\n\n${rest}`;
}

function firstSentence(text: string): string {
  const whole = text.trim();
  const end = whole.search(/(?<=[.!?])\s+(?=\p{Lu})|\n{2,}/u);
  return (end < 0 ? whole : whole.slice(0, end))
    .replaceAll(/\s+/g, ' ')
    .replace(/[:：.。]$/, '')
    .trim();
}

/** Shortened to what a title may hold. */
export function clip(text: string): string {
  return text.length <= TITLE_LENGTH ? text : `${text.slice(0, TITLE_LENGTH - 1)}…`;
}
