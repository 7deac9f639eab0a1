import { lastSentence, saysCondition, sentenceOfCase } from '../words/intro.js';
import { phrase } from '../words/phrase.js';
import { isCodeLine, leadingComment } from '../words/text.js';
import { slug } from './names.js';

/** The first of the texts that says that what follows is for some cases only: its last sentence, without the end mark. */
export function conditionIn(...texts: readonly string[]): string | undefined {
  const text = texts.map((one) => one.replace(/^\[!\w+\]\s*/, '')).find((one) => saysCondition(one));
  return text === undefined
    ? undefined
    : (sentenceOfCase(text) ?? lastSentence(text)).replace(/[:.：。\s]+$/u, '').replaceAll(/\s+/g, ' ');
}

const UNLESS_THERE =
  /\b(?:if|falls|wenn|si|se) (?:(?:it|this|they) )?(?:(?:is|are|does|do|has|have) )?(?:not|nicht|no|n[ãa]o) (?:(?:already|yet|been|bereits|schon|ya) )*(?:installed|present|there|exist\w*|existing|created|available|vorhanden|installiert|instalado|installé)\b/i;

/**
 * The comment on top of a script. "Install ufw (if not installed)" above one command of several says when that one is needed, and
 * does no harm otherwise.
 */
export function conditionOfAll(script: string): string {
  const comment = leadingComment(script);
  if (!UNLESS_THERE.test(comment)) return comment;
  const lines = script.split('\n');
  const begun = lines.findIndex(isCodeLine);
  return lines.slice(begun + 1).some((line) => /^\s*#/.test(line)) ? '' : comment;
}

/** The input that people answer with yes or no: `if_using_argo_cd`. */
export function inputNameOf(condition: string): string {
  const words = withinLength(fewWords(condition));
  return /^[a-z]/.test(words) ? words : `in_this_case${words === '' ? '' : `_${words}`}`;
}

const MOST_WORDS = 7;
/** "Delete the originals, only if the files are there": what it is about. */
const CASE_LATER = phrase(
  /(?:\b(?:only|but) (?:if|when)|(?<!\p{L})(?:nur,? (?:wenn|falls)|s[oó]lo si|seulement si|solo se|(?:somente|apenas|só) se))(?!\p{L})/iu,
);
/** Nobody knows by these what is asked: "remove the", "more than". */
const NO_END =
  /^(?:an?|the|of|to|in|on|at|for|from|by|with|and|or|than|as|is|are|be|its?|this|that|your|any|not|no|de[rsnm]|die|das|dem|ein|eine[nmrs]?|und|oder|von|vom|zu[mr]?|im|mit|auf|für|nicht|les?|la|une?|du|de|des|et|ou|dans|pas|el|los|las|y|en|con|del|al|il|lo|gli|di|da|per|con|os?|as?|em|um|uma|com|e)$/;

/** The whole of a short sentence; of a longer one the clause that it begins with, or the words up to one that tells something. */
function fewWords(condition: string): string[] {
  const all = wordsOf(condition);
  if (all.length <= MOST_WORDS) return all;
  const later = CASE_LATER.exec(condition)?.index ?? 0;
  const said = condition.slice(later);
  const clause = wordsOf(/^[^,;:()（），；：—–]*/u.exec(said)?.[0] ?? '');
  if (clause.length > 2 && clause.length <= MOST_WORDS + 3) return clause;
  const words = wordsOf(said);
  const ends = words.findIndex((word, at) => at >= MOST_WORDS - 1 && !NO_END.test(word));
  return words.slice(0, ends < 0 ? MOST_WORDS : Math.min(ends, MOST_WORDS + 2) + 1);
}

/** Whole words, as an input may be long. */
function withinLength(words: readonly string[]): string {
  const name = words.join('_');
  return name.length <= LONGEST
    ? name
    : name
        .slice(0, LONGEST + 1)
        .replace(/_[^_]*$/, '')
        .slice(0, LONGEST);
}

const LONGEST = 60;

function wordsOf(text: string): string[] {
  return text
    .slice(0, 200)
    .split(/\s+/)
    .flatMap((word) => slug(word).split('-'))
    .filter((word) => word !== '');
}
