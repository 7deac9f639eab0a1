import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { array, assert, asyncProperty, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptsGzip, GZIP_HEAD, gzipPart } from './gzip-parts.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('parts of a gzip stream', () => {
  it('give the text in whatever order they are joined, without an end', () => {
    const [a, b] = [gzipPart(bytes('a'.repeat(9000))), gzipPart(bytes('data: é\n\n'))];
    const joined = (parts: readonly Uint8Array[]) =>
      gunzipSync(Buffer.concat([GZIP_HEAD, ...parts]), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    expect(joined([a, b, a])).toBe(`${'a'.repeat(9000)}data: é\n\n${'a'.repeat(9000)}`);
    expect(joined([b])).toBe('data: é\n\n');
    expect(a.length).toBeLessThan(100);
  });

  it('are readable each as soon as it is there', async () => {
    await assert(
      asyncProperty(
        array(string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 5 }),
        async (texts) => {
          const gunzip = createGunzip();
          gunzip.write(GZIP_HEAD);
          for (const text of texts) {
            const wanted = bytes(text);
            let read = Buffer.alloc(0);
            gunzip.write(gzipPart(wanted));
            while (read.length < wanted.length) {
              const more = gunzip.read() as Buffer | null;
              if (more) read = Buffer.concat([read, more]);
              else await new Promise((resolve) => gunzip.once('readable', resolve));
            }
            expect(read.equals(wanted)).toBe(true);
          }
          gunzip.destroy();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are made once for the same bytes', () => {
    const same = bytes('same');
    expect(gzipPart(same)).toBe(gzipPart(same));
  });
});

describe('who accepts gzip', () => {
  it.each([
    ['gzip', true],
    ['gzip, deflate, br, zstd', true],
    ['br;q=1.0, gzip;q=0.8', true],
    ['GZIP ; q=1', true],
    ['gzip;q=0', false],
    ['gzip;q=0.000', false],
    ['br', false],
    ['', false],
    ['gzipped', false],
  ])('%s: %s', (value, accepted) => expect(acceptsGzip(new Headers({ 'accept-encoding': value }))).toBe(accepted));
});
