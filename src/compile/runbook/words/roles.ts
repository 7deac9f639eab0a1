import { entry } from '#kit/entry.js';
import { ownCopy } from '../../own-copy.js';
import { INTRO_ROLES, type IntroRole, ROLES, type Role } from './roles-kinds.js';
import { HEADINGS } from './roles-of-headings.js';
import { INTROS } from './roles-of-intros.js';
import { MORE_HEADINGS, MORE_INTROS } from './roles-of-more-languages.js';

export type { Role } from './roles-kinds.js';

/** To miss these, and run what they head as a step, would do harm: they count wherever they stand in a heading. */
const CAREFUL: ReadonlySet<string> = new Set(['rollback', 'uninstall', 'cleanup', 'troubleshooting']);
/** Text that is the same without accents. */
const PLAIN = /^[ -~\n]*$/;
/** They say little when another role stands beside them: "Run the rollback", "Verification steps". */
const WEAK: ReadonlySet<string> = new Set(['procedure', 'run', 'reference', 'usage']);
const SMALL_WORDS =
  'the|a|an|of|for|to|with|from|in|on|at|by|your|our|this|that|it|its|after|before|via|and|or|der|die|das|des|dem|den|ein|eine|fur|von|vom|zum|zur|mit|auf|nach|vor|het|een|van|voor|met|le|la|les|l|un|une|du|de|d|pour|avec|dans|el|los|las|una|del|para|con|en|o|os|as|um|uma|do|da|dos|das|no|na|com|il|lo|gli|i|di|della|dello|dell|per|w|z|na|po|do|dla|в|на|для|после|от|из|с|к';
const SMALL: ReadonlySet<string> = new Set(SMALL_WORDS.split('|').map(fold));
/** Numbering and questions before what a heading says: "Step 3:", "2.1", "How to". */
const OPENING =
  /^(?:(?:step|phase|part|stage|schritt|etape|paso|passo|fase|krok|stap|шаг|этап)\s+)?(?:\d+(?:[.)]\d+)*\s*[.):\u2013-]*\s*)?(?:(?:how (?:to|do (?:i|you|we))|so|wie|comment|como|come|jak|hoe|как)\s+)?/;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

interface Match {
  readonly role: Role;
  readonly verb: boolean;
  readonly start: number;
  readonly end: number;
}
type Entry = { readonly role: Role; readonly verb: boolean };
type Phrase = Entry & { readonly words: readonly string[] };

/** Phrases by their first word, the longest first. */
const phrases = new Map<string, Phrase[]>();
/** Beginnings of words (`prerequisite*`), by which the words of a heading are looked up. */
const stems = new Map<string, Entry>();
const cjkPhrases: (readonly [phrase: string, role: Role])[] = [];
for (const [role, language, written] of [...HEADINGS, ...MORE_HEADINGS])
  for (const phrase of written.split(',')) enter(role, language, phrase.trim());
for (const known of phrases.values()) known.sort((a, b) => b.words.length - a.words.length);
cjkPhrases.sort(([a], [b]) => b.length - a.length);

/** The role of a section by the words of its heading, in a dozen languages; by its head word when it has several. */
export function roleOf(heading: string): Role {
  const known = knownRoles.get(heading);
  if (known !== undefined) return known;
  if (knownRoles.size >= MOST_KNOWN) knownRoles.clear();
  const role = readHeading(heading);
  knownRoles.set(ownCopy(heading), role);
  return role;
}

/** Many ask about the same headings. */
const knownRoles = new Map<string, Role>();
const MOST_KNOWN = 2000;

function readHeading(heading: string): Role {
  const folded = fold(heading).slice(0, 200).replace(OPENING, '');
  if (CJK.test(folded)) {
    const role = cjkRole(folded);
    if (role !== 'none') return role;
  }
  const words = wordsOf(folded);
  return headRole(words, findMatches(words));
}

/** The role of a block by the last sentence before it, or the one before when the last is as short as "Run:". */
export function roleOfIntro(text: string): IntroRole {
  if (text === '') return 'none';
  if (lastIntro.text !== text) lastIntro = { text, role: readIntro(text) };
  return lastIntro.role;
}

/** Several rules ask about the same text, one after the other. */
let lastIntro: { readonly text: string; readonly role: IntroRole } = { text: '', role: 'none' };

function readIntro(text: string): IntroRole {
  const sentences = fold(text.slice(-600))
    .split(/(?<=[.!?])\s+|[。！？\n]+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
  const [before = '', last = ''] = sentences.length > 1 ? sentences.slice(-2) : ['', sentences[0] ?? ''];
  const role = introRole(last);
  return role === 'none' && last.split(/\s+/).length <= 4 ? introRole(before) : role;
}

/** Lower case, without accents, full-width forms made plain. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  if (PLAIN.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC')
    .replace(/\u2019/g, "'");
}

function enter(role: Role, language: string, written: string): void {
  const phrase = fold(written);
  if (CJK.test(phrase)) {
    cjkPhrases.push([phrase, role]);
    return;
  }
  // Romance and Slavic headings begin with their head; Germanic ones end with it, unless they begin with a verb.
  const verb = phrase.endsWith('!') || !['en', 'de', 'nl'].includes(language);
  const words = wordsOf(phrase);
  const [first = ''] = words;
  // Of phrases that several roles have, the first counts.
  if (phrase.endsWith('*')) entry(stems, words.join(' '), () => ({ role, verb }));
  else entry(phrases, first, () => []).push({ role, verb, words });
}

function findMatches(words: readonly string[]): Match[] {
  const found: Match[] = [];
  for (let start = 0; start < words.length; ) {
    const match = matchAt(words, start);
    if (match !== undefined) found.push(match);
    start = match?.end ?? start + 1;
  }
  return found;
}

function matchAt(words: readonly string[], start: number): Match | undefined {
  const word = words[start] ?? '';
  const phrase = phrases.get(word)?.find(({ words: wanted }) => wanted.every((one, i) => words[start + i] === one));
  if (phrase !== undefined) return { role: phrase.role, verb: phrase.verb, start, end: start + phrase.words.length };
  for (let length = word.length; length > 3; length -= 1) {
    const entry = stems.get(word.slice(0, length));
    if (entry !== undefined) return { ...entry, start, end: start + 1 };
  }
  return undefined;
}

function headRole(words: readonly string[], matches: readonly Match[]): Role {
  const [first] = matches;
  if (first === undefined) return 'none';
  const cut = words.findIndex(
    (word, at) => SMALL.has(word) && !matches.some(({ start, end }) => start <= at && at < end),
  );
  const head = matches.filter(({ start }) => cut <= 0 || start < cut);
  const strong = head.filter(({ role }) => !WEAK.has(role));
  const [lead] = strong;
  if (lead?.start === 0 && lead.verb) return lead.role;
  const careful = matches.find(({ role }) => CAREFUL.has(role));
  const beyond = matches.find(({ role }) => !WEAK.has(role));
  return (strong.at(-1) ?? careful ?? (first.start === 0 ? beyond : undefined) ?? head[0])?.role ?? 'none';
}

/** Chinese, Japanese, and Korean headings have no words to tell apart: of the roles named, the most careful counts. */
function cjkRole(heading: string): Role {
  let rest = heading;
  const named = new Set<Role>();
  for (const [phrase, role] of cjkPhrases) {
    if (!rest.includes(phrase)) continue;
    named.add(role);
    rest = rest.replaceAll(phrase, ' ');
  }
  return ROLES.find((role) => named.has(role)) ?? 'none';
}

/** One phrase of the text before a block, by its words. */
interface IntroPhrase {
  readonly role: IntroRole;
  readonly words: readonly string[];
  /** Tied to the start of the sentence, or to its end. */
  readonly first: boolean;
  readonly last: boolean;
}

/** By their first word; for scripts without spaces, as text. */
const introPhrases = new Map<string, IntroPhrase[]>();
const cjkIntros: (readonly [role: IntroRole, text: string, first: boolean])[] = [];
for (const [role, written] of [...INTROS, ...MORE_INTROS])
  for (const phrase of written.split(',')) enterIntro(role, phrase.trim());

/** `^` ties a phrase to the start of the sentence, `$` to its end. */
function enterIntro(role: IntroRole, written: string): void {
  const [first, last] = [written.startsWith('^'), written.endsWith('$')];
  const phrase = fold(written.replace(/^\^|\$$/g, ''));
  if (CJK.test(phrase)) {
    cjkIntros.push([role, phrase, first]);
    return;
  }
  const words = wordsOf(phrase);
  const [key = ''] = words;
  introPhrases.set(key, [...(introPhrases.get(key) ?? []), { role, words, first, last }]);
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Of the roles that a sentence names, the first of INTRO_ROLES. */
function introRole(sentence: string): IntroRole {
  const named = new Set<IntroRole>();
  const words = wordsOf(sentence);
  for (const [at, word] of words.entries())
    for (const phrase of introPhrases.get(word) ?? []) if (standsAt(phrase, words, at)) named.add(phrase.role);
  if (CJK.test(sentence)) {
    const bare = sentence.replace(/^[^\p{L}\p{N}]+/u, '');
    for (const [role, text, first] of cjkIntros)
      if (first ? bare.startsWith(text) : bare.includes(text)) named.add(role);
  }
  return INTRO_ROLES.find((role) => named.has(role)) ?? 'none';
}

function standsAt({ words, first, last }: IntroPhrase, sentence: readonly string[], at: number): boolean {
  if ((first && at > 0) || (last && at + words.length !== sentence.length)) return false;
  return words.every((word, i) => sentence[at + i] === word);
}
