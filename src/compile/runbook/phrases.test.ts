import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { phrase as made } from './words/phrase.js';

const { patterns } = vi.hoisted(() => ({ patterns: new Map<string, Pick<RegExp, 'source' | 'flags'>>() }));

vi.mock(import('./words/phrase.js'), async (original) => {
  const { phrase } = await original();
  const kept: typeof made = (pattern) => {
    patterns.set(pattern.source, pattern);
    return phrase(pattern);
  };
  return { phrase: kept };
});

await import('./runbook.js');
const { phrase } = await vi.importActual<typeof import('./words/phrase.js')>('./words/phrase.js');

test('the patterns of the compiler are known here', () => {
  expect(patterns.size).toBeGreaterThan(200);
});

test.each([...patterns.values()])('plain texts fit where they fit the whole of $source', (pattern) => {
  const whole = new RegExp(pattern.source, pattern.flags);
  const found = phrase(pattern);
  fc.assert(
    fc.property(textsFor(pattern.source), (text) => {
      expect(found.exec(text)).toEqual(whole.exec(text));
    }),
    { numRuns: 200 },
  );
});

/** Plain ones, made of the pattern's own words, so that many a text fits, and of what stands between words. */
function textsFor(source: string): fc.Arbitrary<string> {
  const words = source.replaceAll(/\\[pPu]\{[^}]*\}|\\./g, '|').split(/[^\p{L}\p{N}' -]+/u);
  const word = fc.constantFrom('', 'K', 's', 'x7', ...words.filter((one) => /^[ -~]+$/.test(one)));
  const mark = fc.constantFrom('', ' ', ' ', ...': |.|-|_|(|)|[|#|\n|—|’|→|✅|⚠️|2|09'.split('|'));
  const part = fc.tuple(word, fc.boolean(), mark).map(([one, upper, next]) => (upper ? one.toUpperCase() : one) + next);
  return fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
}
