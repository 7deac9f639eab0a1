import { slug } from '../blocks/names.js';
import { lastSentence } from '../words/intro.js';
import { phrase } from '../words/phrase.js';

/** Programs that every machine has: that a way begins with one tells nobody which it is. */
const EVERYWHERE =
  /^(?:other|echo|printf|mv|cd|cp|rm|ln|ls|sh|bash|cat|mkdir|rmdir|touch|chmod|chown|tar|gzip|find|grep|sed|awk|kill|sleep|test|\[|source|\.|export|set|tee|sudo|eval|true|false|:|for|if|while|head|tail|date)$/;

const OR = phrase(
  /^\P{L}*(?:(?:or|either|alternatively|otherwise|oder|entweder|alternativ|ou|soit|o|bien|oppure)(?!\p{L})[\s,:]*){1,3}/iu,
);

/** The names of ways that programs tell apart; where they do not, a few words of what is said of each, else a number. */
export function namesOfWays(programs: readonly string[], texts: readonly string[]): string[] {
  const said = texts.map(shortly);
  return programs.map((program, i) => {
    if (!EVERYWHERE.test(program) && isOnce(programs, program)) return program;
    const words = said[i] ?? '';
    return words !== '' && isOnce(said, words) && !programs.includes(words) ? words : `way_${i + 1}`;
  });
}

/** What the first comment says that the other ways do not have. */
export function commentOf(script: string, others: readonly string[]): string {
  const comments = script.split('\n').filter((line) => /^\s*#/.test(line));
  return comments.find((line) => others.every((other) => other === script || !other.includes(line))) ?? '';
}

function isOnce(names: readonly string[], name: string): boolean {
  return names.indexOf(name) === names.lastIndexOf(name);
}

function shortly(text: string): string {
  const words = slug(OR.without(lastSentence(text)))
    .split('-')
    .slice(0, 4)
    .join('_');
  return /^[a-z]/.test(words) ? words : '';
}
