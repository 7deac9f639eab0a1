import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK_LIMIT, BlockBuilder, decodeBody, encodeBody, LINE_LIMIT, recordsOf } from './block.js';
import { readRecords } from './record.js';
import { LineSplitter } from './splitter.js';

function split(chunks: readonly Uint8Array[]): { bytes: Buffer; ended: boolean }[] {
  const lines: { bytes: Buffer; ended: boolean }[] = [];
  const splitter = new LineSplitter((line, ended) => lines.push({ bytes: Buffer.from(line), ended }));
  for (const chunk of chunks) splitter.write(chunk);
  splitter.end();
  return lines;
}

const joined = (lines: readonly { bytes: Buffer; ended: boolean }[]) =>
  Buffer.concat(lines.flatMap(({ bytes, ended }) => (ended ? [bytes, Buffer.from('\n')] : [bytes])));

describe('cutting into lines', () => {
  test('loses no byte, however the chunks are cut', () => {
    const chunk = fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.map((byte) => (byte < 40 ? 10 : byte)));
    fc.assert(
      fc.property(fc.array(chunk), (chunks) => {
        const lines = split(chunks);
        expect(joined(lines).equals(Buffer.concat(chunks))).toBe(true);
        expect(lines.slice(0, -1).every(({ ended }) => ended)).toBe(true);
      }),
    );
  });

  test('stores a line that is too long in pieces', () => {
    const long = Buffer.alloc(LINE_LIMIT * 2 + 5, 'x');
    const lines = split([long.subarray(0, 100), long.subarray(100), Buffer.from('\nnext\n')]);
    expect(lines.map(({ bytes, ended }) => [bytes.length, ended])).toEqual([
      [LINE_LIMIT, false],
      [LINE_LIMIT, false],
      [5, true],
      [4, true],
    ]);
  });
});

describe('blocks', () => {
  test('give back their lines, streams and numbers', async () => {
    const builder = new BlockBuilder();
    const sizes = [0, 1, 127, 128, 300, 16_383, 16_384, LINE_LIMIT];
    sizes.forEach((size, index) => builder.add(index % 2 ? 'err' : 'out', Buffer.alloc(size, 'é'), index !== 3));
    const first = builder.cut();
    builder.add('err', Buffer.from('\0\xff', 'latin1'), true);
    const second = builder.cut();
    expect([first.seq, first.firstLine, second.seq, second.firstLine]).toEqual([0, 1, 1, sizes.length + 1]);

    const encoded = await encodeBody(first.body);
    expect(encoded.codec).toBe(1);
    const lines = [...readRecords(recordsOf(await decodeBody(encoded)), first.firstLine)];
    expect(lines.map(({ number, stream, ended }) => [number, stream, ended])).toEqual(
      sizes.map((_, index) => [index + 1, index % 2 ? 'err' : 'out', index !== 3]),
    );
    expect(lines.map(({ text }) => text)).toEqual(sizes.map((size) => Buffer.alloc(size, 'é').toString()));
    expect([...readRecords(recordsOf(second.body), 9)]).toEqual([
      { number: 9, stream: 'err', text: '\0�', ended: true },
    ]);
  });

  test('never outgrow their limit', () => {
    const builder = new BlockBuilder();
    const line = Buffer.alloc(LINE_LIMIT);
    while (builder.hasRoom(line)) builder.add('out', line, false);
    expect(builder.cut().body.length).toBeLessThanOrEqual(BLOCK_LIMIT);
    expect(builder.empty).toBe(true);
  });

  test('that were cut short are refused', () => {
    const builder = new BlockBuilder();
    builder.add('out', Buffer.from('whole'), true);
    const { body } = builder.cut();
    expect(() => [...readRecords(recordsOf(body.subarray(0, -1)), 1)]).toThrow(RangeError);
  });
});
