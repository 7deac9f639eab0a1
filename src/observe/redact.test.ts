import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretForms } from './forms.js';
import { createMask, type Mask } from './redact.js';

const mask = (values: Record<string, string>) => createMask(new Map(Object.entries(values)));

function inChunks(masked: Mask, text: Uint8Array, sizes: readonly number[], settle = false): Buffer {
  const stream = masked.stream();
  const parts: Uint8Array[] = [];
  let at = 0;
  for (let turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    parts.push(Uint8Array.from(stream.write(text.subarray(at, at + size))));
    if (settle) parts.push(stream.settle());
    at += size;
  }
  return Buffer.concat([...parts, stream.end()]);
}

/** What of base64 may stand before and after a form that is in it: `%2B`, `%3D%3D`. */
const LONGEST_BESIDE = 3 + 9;
/** Written here anew, so that the forms are not judged by themselves. */
const encoders: readonly ((secret: string, around: string) => string)[] = [
  (s, a) => a + s + a,
  (s, a) => JSON.stringify({ [a]: s }),
  (s, a) => encodeURIComponent(a + s + a),
  (s, a) => new URLSearchParams({ [a]: s }).toString(),
  (s, a) => encodeURIComponent(s).replace(/%[0-9A-F]{2}/g, (c) => c.toLowerCase()) + a,
  (s, a) => Buffer.from(a + s + a).toString('base64'),
  (s, a) => Buffer.from(`x${a}${s}`).toString('base64url'),
  (s, a) => Buffer.from(`xy${a}${s}yx`).toString('base64'),
  (s, a) => Buffer.from(JSON.stringify({ a: s, b: a })).toString('base64'),
  (s, a) =>
    `<b title="${a}">${s.replace(/[&<>"']/g, (c) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[c] ?? '#39'};`)}</b>`,
  (s, a) => Buffer.from(a + s).toString('hex'),
  (s, a) =>
    Buffer.from(s + a)
      .toString('hex')
      .toUpperCase(),
];
/** What an outsider could read the secret from: every encoding undone where it can be. */
function readings(text: string): string[] {
  const words = text.split(/‹[^›]*›|[^A-Za-z0-9+/_=-]+/);
  const decoded = words.flatMap((word) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(word.slice(skip), 'base64').toString('latin1')),
  );
  return [text, ...decoded, ...words.map((word) => Buffer.from(word, 'hex').toString('latin1'))];
}
const secret = fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 }).filter((s) => /[^‹›•]{8}/.test(s));
const wrap = (text: string, width: number, end: string) =>
  text.match(new RegExp(`[^]{1,${width}}`, 'g'))?.join(end) ?? '';

describe('a secret never comes out', () => {
  test('in any encoding, however the stream is cut and broken over lines', () => {
    const cut = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 });
    const ends = fc.constantFrom('', '\n', '\r\n');
    const around = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });
    fc.assert(
      fc.property(
        secret,
        around,
        cut,
        fc.constantFrom(...encoders),
        fc.integer({ min: 5, max: 80 }),
        ends,
        fc.boolean(),
        (s, a, sizes, encode, width, end, settle) => {
          const text = `before ${wrap(encode(s, a), width, end)} after`;
          const out = inChunks(mask({ KEY: s }), Buffer.from(text), sizes, settle).toString();
          expect(out).toContain('‹');
          for (const reading of readings(out.replace(/[\r\n]/g, ''))) expect(reading.includes(s)).toBe(false);
        },
      ),
      { numRuns: 600 },
    );
  });

  test('however many there are, overlapping, inside each other, or repeating', () => {
    const few = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 4, maxLength: 9 }), {
      minLength: 1,
      maxLength: 5,
    });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), maxLength: 200 });
    fc.assert(
      fc.property(few, text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (values, plain, sizes) => {
        const m = createMask(new Map(values.map((value, index) => [`S${index}`, value])));
        const out = inChunks(m, Buffer.from(plain), sizes).toString();
        for (const value of values) expect(out.includes(value)).toBe(false);
        expect(out).toBe(m.text(plain));
        expect(out.replace(/‹[^›]*›/g, '').length).toBeGreaterThanOrEqual(plain.replace(/[ab\n]/g, '').length);
      }),
      { numRuns: 500 },
    );
  });

  test('when it occurs in the markers themselves', () => {
    expect(mask({ A: 'secret', B: 'hunter2!' }).text('secret hunter2!')).not.toContain('secret');
  });

  test('a key of several lines is masked whole, indented, and by its lines', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\n9w0BAQEFAASCBKcwggSj\n-----END KEY-----\n';
    const m = mask({ KEY: key });
    expect(m.text(`x ${key}y`)).toBe('x ‹secret:KEY›\ny');
    expect(m.text(key.replaceAll('\n', '\r\n'))).toBe('‹secret:KEY›\r\n');
    expect(m.text(key.replaceAll('\n', '\n    '))).not.toMatch(/MIIE|9w0B/);
  });
});

describe('what is no secret is left alone', () => {
  test('in base64 every character goes that holds a bit of it, wherever it lies and the stream is cut; no other', () => {
    const bytes = (length: object) => fc.uint8Array(length).map((some) => Buffer.from(some));
    const spellings = [
      (text: string) => text,
      (text: string) => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
      (text: string) => encodeURIComponent(text),
    ];
    // Escaped, these begin or end with one backslash more: a neighbour with bits of it is rightly taken for a part of that form.
    const plain = secret.filter((s) => !/^["\\]|\\$/.test(s));
    fc.assert(
      fc.property(
        plain,
        bytes({ maxLength: 9 }),
        bytes({ maxLength: 9 }),
        fc.constantFrom(...spellings),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        (s, before, after, spell, sizes) => {
          const text = Buffer.concat([before, Buffer.from(s), after]).toString('base64');
          const first = Math.floor((before.length * 8) / 6);
          const last = Math.ceil(((before.length + Buffer.byteLength(s)) * 8) / 6);
          const pad = after.length === 0 ? text.length : last;
          const wanted = `${spell(text.slice(0, first))}‹secret:K›${spell(text.slice(pad))}`;
          expect(inChunks(mask({ K: s }), Buffer.from(`(${spell(text)})`), sizes).toString()).toBe(`(${wanted})`);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('of a secret that begins with a quote, the low bits of the backslash that would escape it go too', () => {
    const text = Buffer.concat([Buffer.from([0, 0, 156]), Buffer.from('"hunter2-hunter2')]).toString('base64');
    expect(mask({ K: '"hunter2-hunter2' }).text(`(${text})`)).toBe('(AAC‹secret:K›)');
  });

  test('a neighbour in base64 that holds no bit of it stays, and one that does goes', () => {
    const s = 'hunter2-hunter2-hunter2';
    const led = secretForms(s).filter(({ leads }) => leads.length > 0);
    const alphabet = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_');
    expect(led.length).toBeGreaterThan(0);
    for (const { text } of led) {
      const own = new Set(led.filter((form) => form.text === text).flatMap(({ leads }) => leads));
      const masked = alphabet.map((char) => mask({ K: s }).text(`(${char}${text})`));
      expect(masked).toEqual(alphabet.map((char) => (own.has(char) ? '(‹secret:K›)' : `(${char}‹secret:K›)`)));
    }
  });

  test('text without any form of it is unchanged, hostile bytes too', () => {
    fc.assert(
      fc.property(
        secret,
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        (s, bytes, sizes) => {
          const flat = Buffer.from(bytes)
            .toString('latin1')
            .replace(/[\r\n]/g, '');
          fc.pre(!secretForms(s).some(({ text }) => flat.includes(Buffer.from(text).toString('latin1'))));
          expect(inChunks(mask({ KEY: s }), bytes, sizes).equals(bytes)).toBe(true);
        },
      ),
    );
  });

  test('no more is held back than the longest form of a secret', () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.nat(), (s, a, cutAt) => {
        const longest = Math.max(...secretForms(s).map(({ text }) => Buffer.byteLength(text))) + LONGEST_BESIDE;
        const text = Buffer.from(a + s);
        const cut = text.subarray(0, cutAt % (text.length + 1));
        const out = Buffer.from(mask({ K: s }).stream().write(cut))
          .toString()
          .replace('‹secret:K›', s);
        expect(cut.length - Buffer.byteLength(out)).toBeLessThan(longest);
      }),
    );
  });

  test('without secrets the very same chunk comes back', () => {
    const chunk = Buffer.from('anything');
    expect(mask({}).stream().write(chunk)).toBe(chunk);
  });

  test('the end of a line does not wait for the next one, and what follows is masked still', () => {
    const stream = mask({ KEY: 'yellow-submarine' }).stream();
    expect(Buffer.concat([stream.write(Buffer.from('ready\n')), stream.settle()]).toString()).toBe('ready\n');
    const rest = Buffer.concat([stream.write(Buffer.from('ellow-submarine!')), stream.end()]).toString();
    expect(rest).toBe('‹secret:KEY›!');
  });
});

test('secrets too short to be masked are named', () => {
  const m = mask({ SHORT: 'abc', BREAKS: 'a\n\nb', GOOD: 'abcd', BINARY: 'abcd\0efgh' });
  expect(m.refused.map(({ name }) => name)).toEqual(['SHORT', 'BREAKS', 'BINARY']);
  expect(m.text('abc abcd')).toBe('abc ‹secret:GOOD›');
});

test('of a secret that its text was cut in, what is left is masked when it is enough to tell', () => {
  const value = 'https://hooks.example/services/T0000/B0000/abcdefghijklmnop';
  const m = mask({ HOOK: value });
  for (let length = 16; length < value.length; length++) {
    const cut = value.slice(0, length);
    expect(m.text(`exit code 3: ${cut}`)).toBe('exit code 3: ‹secret:HOOK›');
    expect(m.text(`${cut}… [truncated]`)).toBe('‹secret:HOOK›… [truncated]');
    expect(m.text(`${cut}\n`)).toBe('‹secret:HOOK›\n');
    expect(inChunks(m, Buffer.from(`said ${cut}`), [3]).toString()).toBe('said ‹secret:HOOK›');
  }
  const alike = 'https://hooks.example/status is up; see https://hook';
  expect(m.text(alike)).toBe(alike);
});

test('one name may stand for several values', () => {
  const m = createMask([
    ['TOKEN', 'first-value'],
    ['TOKEN', 'second-value'],
  ]);
  expect(m.text('first-value, second-value')).toBe('‹secret:TOKEN›, ‹secret:TOKEN›');
});

test('JSON is masked in keys, values and numbers, and keeps its form', () => {
  const value = JSON.parse(
    '{"a":["tok-en-1",2718281828],"tok-en-1":1,"dG9rLWVuLTE=":2,"__proto__":{"x":"tok-en-1"},"n":null}',
  ) as object;
  const masked = mask({ T: 'tok-en-1', N: '2718281828' }).json(value);
  expect(JSON.stringify(masked)).toBe(
    '{"a":["‹secret:T›","‹secret:N›"],"‹secret:T›":1,"‹secret:T›#":2,"__proto__":{"x":"‹secret:T›"},"n":null}',
  );
  let deep: unknown = 'x';
  for (let depth = 0; depth < 5000; depth++) deep = [deep];
  expect(() => mask({ T: 'tok-en-1' }).json(deep)).toThrow(/nested/);
});

test('a secret of several lines is masked as `set -x` and Python write it', () => {
  const key = '{\n\t"key": "-----BEGIN\\nMIIE\\n-----",\n\t"of": "o\'neill"\n}';
  const mask = createMask([['KEY', key]]);
  const shown = String.raw`{\n\t"key": "-----BEGIN\\nMIIE\\n-----",\n\t"of": "o\'neill"\n}`;
  expect(mask.text(`+ KEY=$'${shown}'`)).toBe("+ KEY=$'‹secret:KEY›'");
  expect(mask.text(`ValueError: '${shown.replace("\\'", "'")}'`)).toBe("ValueError: '‹secret:KEY›'");
});

test('a secret with what a shell escapes is masked as `declare -p` writes it', () => {
  const mask = createMask([['TOKEN', 'Pa$$w`0"r\\d']]);
  const written = 'declare -- CONN="postgres://app:Pa\\$\\$w\\`0\\"r\\\\d@db"';
  expect(mask.text(written)).toBe('declare -- CONN="postgres://app:‹secret:TOKEN›@db"');
});
