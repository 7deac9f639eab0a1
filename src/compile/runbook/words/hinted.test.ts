import { sample, stringMatching } from 'fast-check';
import { expect, test } from 'vitest';
import { HOLDS, JUMPS, LOOKED, NEXT_ONLY } from './first-outcomes.js';
import { PERSON } from './first-people.js';
import { WAITS, WATCHES } from './first-waits.js';
import { fitsSome } from './hinted.js';
import { REACHED } from './reached.js';

const ALL = [...PERSON, ...WAITS, ...WATCHES, ...HOLDS, ...NEXT_ONLY, ...JUMPS, ...LOOKED, ...REACHED];

test.each(ALL.map(({ near, fits }) => ({ near, fits })))('what fits is near: $near', ({ near, fits }) => {
  const texts = sample(stringMatching(new RegExp(`^(?:${plain(fits.source)})$`, 'u')), { numRuns: 200, seed: 7 });
  const fitting = texts.map((text) => text.toLowerCase()).filter((text) => fits.test(text));
  expect(fitting).not.toEqual([]);
  expect(fitting.filter((text) => !near.test(text))).toEqual([]);
});

test('what is near and does not fit is not taken', () => {
  expect(fitsSome(PERSON, 'the dba is asked by nobody')).toBe(false);
});

/** Of a pattern what texts can be made of: nothing that looks back or excludes, and small Latin letters for those of all scripts. */
function plain(source: string): string {
  return withoutLooks(source)
    .replaceAll('(?=', '(?:')
    .replaceAll(/\\P\{L\}\*|\[\\s\\p\{P\}\]\+(?=\)\{0,3\})|\\b|\^(?=\(|$|\|)|(?<!\\)\$/g, (found) =>
      found.startsWith('[') ? ' ' : '',
    )
    .replaceAll(/\[\^[.。]\]\{\d+,\d+\}/g, ' of it ')
    .replaceAll(/\[(?:\\p\{L\}|\\w)[^\]]*\]|\\p\{L\}|\\w/g, '[a-z]')
    .replaceAll('\\s', ' ');
}

function withoutLooks(source: string): string {
  const found = /\(\?(?:!|<[=!])/.exec(source);
  if (found === null) return source;
  let at = found.index + 1;
  for (let depth = 1; depth > 0; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === '(') depth += 1;
    else if (source[at] === ')') depth -= 1;
  }
  return withoutLooks(source.slice(0, found.index) + source.slice(at));
}
