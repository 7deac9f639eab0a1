import { type Phrase, phrase } from './phrase.js';

/** A pattern that is dear to try, and dearer to compile, which is done when it is first tried. */
export interface Hinted {
  /** What some part of each text that fits is like: cheap to look for, and seldom there. */
  readonly near: RegExp;
  readonly fits: Phrase;
}

/** What a sentence may have before its first word that counts. */
export const BEGIN = String.raw`^\P{L}*(?:(?:then|now|next|first|please|always|important|note|warning|caution|attention|danger|bitte|dann|danach|nun|jetzt|zuerst|wichtig|achtung|puis|ensuite|d['’]abord|luego|después|primero|depois|primeiro|poi|prima|затем|сначала|потом|następnie|potem)[\s\p{P}]+){0,3}`;

/** Each with what is near it. All is in lower case, as the texts are: to fold all letters of all scripts takes longer than the rest. */
export function hinted(...patterns: readonly (readonly [near: RegExp, fits: string])[]): readonly Hinted[] {
  return patterns.map(([near, fits]) => ({ near, fits: phrase({ source: fits, flags: 'u' }) }));
}

/** @param begin as beginOf gives it */
export function fitsSome(patterns: readonly Hinted[], begin: string): boolean {
  return patterns.some(({ near, fits }) => near.test(begin) && fits.test(begin));
}

/** Sentences are looked at from their begin. */
const MOST_LOOKED = 300;

export function beginOf(sentence: string): string {
  return sentence.slice(0, MOST_LOOKED).toLowerCase();
}
