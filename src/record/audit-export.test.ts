import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auditLeaf } from './audit.js';
import { CSV_COLUMNS, csvRow, parseCsvRow } from './audit-csv.js';
import { exportLines } from './audit-export.js';
import { type ExportLine, lineText, parseLine } from './audit-lines.js';
import type { StoredEntry } from './audit-store.js';
import { earlierFrom, verifyExport } from './audit-verify.js';
import { signingKey } from './dsse.js';
import { rootHash } from './merkle.js';
import { BLOCK, type Leaves } from './subtrees.js';

const key = signingKey(generateKeyPairSync('ed25519').privateKey);
const other = signingKey(generateKeyPairSync('ed25519').privateKey);
const ORG = '00000000-0000-7000-8000-000000000001';

const KINDS = ['call.runs.start', 'run.sealed', 'external:gpt/note', '=cmd()', '@x', 'a,"b"\u2028c'];

function stored(seq: number, about = 'as it was'): StoredEntry {
  const kind = KINDS[seq % KINDS.length] as string;
  const data = { about, from: { door: 'http', address: '-1+1' }, operation: '=1+1', outcome: 'ok', ms: -1 };
  const entry = { org: ORG, seq, at: '2026-11-21T10:00:00.000Z', kind, actor: 'key:ci', data };
  return { entry, leaf: auditLeaf(entry) };
}

function treeOf(log: readonly StoredEntry[]): Leaves {
  const leaves = log.map(({ leaf }) => leaf);
  return {
    size: leaves.length,
    roots: Array.from({ length: Math.floor(leaves.length / BLOCK) }, (_, i) =>
      rootHash(leaves, i * BLOCK, (i + 1) * BLOCK),
    ),
    block: (block) => Promise.resolve(leaves.slice(block * BLOCK, (block + 1) * BLOCK)),
  };
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

async function exported(log: readonly StoredEntry[], chosen = log, by = key): Promise<ExportLine[]> {
  const parts = { tree: treeOf(log), entries: each(chosen), org: ORG, filter: {}, key: by, now: () => new Date(0) };
  const lines: ExportLine[] = [];
  for await (const line of exportLines(parts)) lines.push(line);
  return lines;
}

const LOG = Array.from({ length: 400 }, (_, seq) => stored(seq));
const WHOLE = await exported(LOG);
const asJson = (lines: readonly ExportLine[]): string[] => lines.map(lineText);
const asCsv = (lines: readonly ExportLine[]): string[] => [CSV_COLUMNS.join(','), ...lines.map(csvRow)];
const pinned = { keys: [key.publicKeyPem] };

/** The line with another word in its entry; `rehash`: and the hash that fits it. */
function altered(line: ExportLine, { rehash = false, seq = -1 } = {}): ExportLine {
  if (line.row !== 'entry') throw new Error('no entry');
  const entry = { ...line.value.entry, ...(seq < 0 ? { actor: 'person:somebody@else' } : { seq }) };
  return { row: 'entry', value: { entry, leaf: rehash ? auditLeaf(entry).toString('hex') : line.value.leaf } };
}

/** How somebody may change the lines of entries (line 1 is entry 0), and the entry that is then named. */
const TAMPERINGS: Readonly<Record<string, (lines: ExportLine[], at: number) => { seq: number }>> = {
  'an altered entry': (lines, at) => {
    lines[at + 1] = altered(lines[at + 1] as ExportLine);
    return { seq: at };
  },
  'an altered entry with a hash that fits': (lines, at) => {
    lines[at + 1] = altered(lines[at + 1] as ExportLine, { rehash: true });
    return { seq: at };
  },
  'a dropped entry': (lines, at) => {
    lines.splice(at + 1, 1);
    return { seq: at };
  },
  'a dropped entry, the rest renumbered': (lines, at) => {
    lines.splice(at + 1, 1);
    for (let i = at; i + 1 < lines.length - 1; i++) {
      lines[i + 1] = altered(lines[i + 1] as ExportLine, { rehash: true, seq: i });
    }
    return { seq: at };
  },
  'two entries swapped': (lines, at) => {
    [lines[at + 1], lines[at + 2]] = [lines[at + 2] as ExportLine, lines[at + 1] as ExportLine];
    return { seq: at + 1 };
  },
  'an entry twice': (lines, at) => {
    lines.splice(at + 2, 0, lines[at + 1] as ExportLine);
    return { seq: at };
  },
  'an entry made up': (lines, at) => {
    const made = stored(at, 'made up');
    lines.splice(at + 1, 0, { row: 'entry', value: { entry: made.entry, leaf: made.leaf.toString('hex') } });
    for (let i = at + 1; i + 1 < lines.length - 1; i++) {
      lines[i + 1] = altered(lines[i + 1] as ExportLine, { rehash: true, seq: i });
    }
    return { seq: at };
  },
  'an entry hidden as one that was not asked for': (lines, at) => {
    const { leaf } = stored(at);
    lines[at + 1] = { row: 'gap', value: { from: at, to: at + 1, nodes: [leaf.toString('hex')] } };
    return { seq: at };
  },
  'an end cut off': (lines, at) => {
    lines.splice(at + 1);
    return { seq: at };
  },
  'entries cut off before the end': (lines, at) => {
    lines.splice(at + 1, lines.length - at - 2);
    return { seq: at };
  },
};

describe('an export that was tampered with is found out', () => {
  test.each(Object.entries(TAMPERINGS))('and the entry at fault is named: %s', async (_, tamper) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: LOG.length - 2 }), fc.boolean(), async (at, csv) => {
        const lines = [...WHOLE];
        const expected = tamper(lines, at);
        const report = await verifyExport((csv ? asCsv : asJson)(lines), pinned);
        expect(report).toMatchObject({ ok: false, ...expected });
      }),
      { numRuns: 25 },
    );
  });

  test('any single character changed', async () => {
    const small = asJson(await exported(LOG.slice(0, 5)));
    const text = small.join('\n');
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), async (at, code) => {
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        fc.pre(changed !== text);
        const { ok } = await verifyExport(changed.split('\n'));
        // The enclosed key may be written differently and still be the same key: only then nothing else changed.
        if (ok) expect(changed.split('\n').slice(0, -1)).toEqual(small.slice(0, -1));
      }),
      { numRuns: 300 },
    );
  });

  test('a cell of a CSV file that says something else than the entry', async () => {
    const rows = asCsv(WHOLE);
    const row = rows[12] as string;
    rows[12] = row.replace('key:ci', 'key:cx');
    expect(await verifyExport(rows)).toMatchObject({ ok: false, problem: 'columns', seq: 10, line: 13 });
  });

  test('what somebody else signed', async () => {
    const forged = await exported(LOG.with(3, stored(3, 'forged')), undefined, other);
    expect(await verifyExport(asJson(forged), pinned)).toMatchObject({ ok: false, problem: 'signature' });
    expect(await verifyExport(asJson(forged))).toMatchObject({ ok: true, key: { trust: 'enclosed' } });
  });

  test('lines of strangers never throw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.string(), fc.json(), fc.constantFrom(...asJson(WHOLE.slice(0, 4))))),
        async (lines) => {
          expect((await verifyExport(lines)).ok).toBe(false);
        },
      ),
    );
  });
});

describe('an export that is whole', () => {
  test.each([
    ['as JSON lines', asJson],
    ['as CSV', asCsv],
  ])('verifies %s, whatever was left out of it', async (_, form) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: LOG.length }), fc.func(fc.boolean()), async (size, choose) => {
        const log = LOG.slice(0, size);
        const chosen = log.filter(({ entry }) => choose(entry.seq));
        const report = await verifyExport(form(await exported(log, chosen)), pinned);
        expect(report).toMatchObject({ ok: true, size, entries: chosen.length, key: { trust: 'pinned' } });
        expect(report.root).toBe(rootHash(log.map(({ leaf }) => leaf)).toString('hex'));
      }),
      { numRuns: 25 },
    );
  });

  test('agrees with every earlier one of the same log, and with none of a log that was rewritten', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: LOG.length }), fc.nat(), async (size, b) => {
        const earlier = await earlierFrom(asJson(await exported(LOG.slice(0, size))));
        if (!('leaves' in earlier)) throw new Error('not read');
        expect(await verifyExport(asJson(WHOLE), { ...pinned, earlier })).toMatchObject({ ok: true, agreesWith: size });
        const seq = b % size;
        const rewritten = asJson(await exported(LOG.with(seq, stored(seq, 'rewritten'))));
        expect(await verifyExport(rewritten, { ...pinned, earlier })).toMatchObject({ problem: 'rewritten', seq });
        const headOnly = { ...earlier, leaves: new Map<number, string>() };
        expect((await verifyExport(rewritten, { ...pinned, earlier: headOnly })).problem).toBe('rewritten');
        const shorter = asJson(await exported(LOG.slice(0, Math.max(1, size - 1))));
        if (size > 1) expect((await verifyExport(shorter, { ...pinned, earlier })).problem).toBe('truncated');
      }),
      { numRuns: 12 },
    );
  });
});

test('no cell of a CSV file begins as a formula does, and what is external cannot pass for the room’s', async () => {
  for (const row of asCsv(WHOLE)) {
    const cells = parseCsvRow(row) ?? [];
    expect(cells.length).toBe(CSV_COLUMNS.length);
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t]/);
    const json = parseLine(cells.at(-1) ?? '');
    if ('row' in json && json.row === 'entry' && json.value.entry.kind.startsWith('external:')) {
      expect(cells.slice(3, 11)).toEqual(['external', json.value.entry.kind, 'key:ci', '', '', '', '', '']);
    }
  }
});
