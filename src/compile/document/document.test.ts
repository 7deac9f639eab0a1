import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import { docx, ENCRYPTED, pdf } from '../../../test/fixtures/documents.js';
import { findProgram, missing } from '../../../test/harness/parts.js';
import { verifies } from '../../../test/harness/requirements.js';
import { archiveEntries } from './archive.js';
import { readDocument } from './read.js';
import { requirementsByRule } from './requirements.js';

const LIMIT = 60_000;
const refusal = async (name: string, bytes: Buffer): Promise<string> =>
  readDocument(name, bytes).then(
    ({ text }) => `taken: ${text}`,
    (error: unknown) =>
      error instanceof OpsroomError && error.code === 'DOCUMENT_REFUSED' ? error.message : `other: ${String(error)}`,
  );

describe('the text of a document', () => {
  test(verifies('COMPILE-04', 'of a PDF by its pages, with commands at a prompt as blocks'), {
    timeout: LIMIT,
  }, async () => {
    const read = await readDocument(
      'ops.pdf',
      pdf([['Restart the shop', '$ systemctl restart shop'], ['Then look at it.']]),
    );
    expect(read).toMatchObject({ kind: 'pdf', flags: [] });
    expect(read.text).toContain('```console\n$ systemctl restart shop\n```');
    expect(read.text).toMatch(/^# Restart the shop\n/);
    expect(read.text.split('\n')[(read.pages[1] ?? 0) - 1]).toContain('Then look at it.');
  });

  test.skipIf(missing('python3'))(
    verifies('COMPILE-04', 'of a Word file, whose macros are named and not run'),
    { timeout: LIMIT },
    async () => {
      const read = await readDocument(
        'ops.docx',
        docx(['Back up the shop', 'It must be encrypted.'], { 'word/vbaProject.bin': 'x' }),
      );
      expect(read.text).toContain('Back up the shop');
      expect(read.flags.join()).toContain('macros');
    },
  );

  test(verifies('COMPILE-04', 'of a page without what stands around it'), { timeout: LIMIT }, async () => {
    const words = 'The shop is restarted by whoever is on call, and looked at afterwards. '.repeat(20);
    const html = `<html><head><title>Restart</title></head><body><nav>Home About</nav><article><h1>Restart</h1><p>${words}</p><pre><code>systemctl restart shop</code></pre></article><script>alert(1)</script></body></html>`;
    const read = await readDocument('page.html', Buffer.from(html));
    expect(read.text).toContain('systemctl restart shop');
    expect(read.text).not.toContain('alert(1)');
    expect(read.text).not.toContain('Home About');
  });

  test.skipIf(missing('chromium'))(
    verifies('COMPILE-04', 'of a picture, recognised offline, which says so'),
    { timeout: LIMIT },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'opsroom-picture-'));
      const [page, picture] = [join(folder, 'page.html'), join(folder, 'page.png')];
      writeFileSync(
        page,
        '<body style="font:32px sans-serif;background:#fff"><p>Restart the shop on Monday</p></body>',
      );
      const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--window-size=700,200'];
      execFileSync(findProgram('chromium') ?? '', [...flags, `--screenshot=${picture}`, `file://${page}`], {
        stdio: 'pipe',
        env: { ...process.env, HOME: folder },
      });
      const read = await readDocument('page.png', readFileSync(picture));
      rmSync(folder, { recursive: true, force: true });
      expect(read.text).toContain('Restart the shop on Monday');
      expect(read.flags[0]).toContain('picture');
    },
  );
});

describe('what is not taken', () => {
  test('an encrypted PDF, a scan, a broken one', { timeout: LIMIT }, async () => {
    expect(await refusal('a.pdf', pdf([['secret']], ENCRYPTED))).toContain('encrypted');
    expect(await refusal('a.pdf', pdf([[]]))).toContain('it is a scan');
    expect(await refusal('a.pdf', Buffer.from('%PDF-1.4 nothing more'))).toContain('cannot be read');
  });

  test('what is not what its name says, and what nobody reads', async () => {
    expect(await refusal('a.docx', pdf([['x']]))).toContain('not what its name says');
    expect(await refusal('a.pdf', Buffer.from('plain text'))).toContain('not what its name says');
    expect(await refusal('a.exe', Buffer.from('MZ'))).toContain('not read');
    expect(await refusal('a.md', Buffer.from([0xff, 0xfe, 0x00]))).toContain('UTF-8');
  });

  test.skipIf(missing('python3'))('a zip bomb, before anything of it is inflated', { timeout: LIMIT }, async () => {
    const bomb = docx(['x'], { 'word/media/zeros.bin': '0'.repeat(110 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(await refusal('a.docx', bomb)).toContain('Unpacked it would have');
  });

  test.skipIf(missing('python3'))(
    'a zip bomb that lies about its size, or about how many files it holds',
    { timeout: LIMIT },
    async () => {
      const bomb = docx(['x'], { 'word/media/zeros.bin': '0'.repeat(110 * 1024 * 1024) });
      const last = bomb.lastIndexOf(Buffer.from('504b0102', 'hex'));
      bomb.writeUInt32LE(100, last + 24);
      expect(archiveEntries(bomb).at(-1)).toMatchObject({ name: 'word/media/zeros.bin', size: 100 });
      expect(await refusal('a.docx', bomb)).toContain('Unpacked it would have');
      bomb.writeUInt16LE(3, bomb.length - 12);
      expect(await refusal('a.docx', bomb)).toContain('no whole zip file');
    },
  );

  test('Markdown of five megabytes', async () => {
    expect(await refusal('a.md', Buffer.from('word '.repeat(1024 * 1024)))).toContain('larger than');
  });

  test(
    verifies('KEEP-06', 'a text of a million lines is read, and is no more lines than a call takes arguments'),
    async () => {
      const read = await readDocument('a.md', Buffer.from('x\n'.repeat(1_000_000)));
      expect(read.text.length).toBe(2_000_000);
    },
  );

  test('bytes of a stranger never break the look into an archive', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, ended) => {
        const end = Buffer.from('504b0506000000000100010030000000000000000000', 'hex');
        const file = Buffer.concat([Buffer.from(bytes), ended ? end : Buffer.alloc(0)]);
        try {
          archiveEntries(file);
        } catch (error) {
          expect(error).toMatchObject({ code: 'DOCUMENT_REFUSED' });
        }
      }),
    );
  });
});

describe('requirements', () => {
  const PRD = `# Shop

## Entities
- Order
- Customer

## User stories
- As a customer, I want to pay by Stripe, so that I need no cash.

## Constraints
- Pages answer within 200 ms.
- Card data must not be stored.
`;

  test(
    verifies(
      'COMPILE-05',
      'entities, workflows, integrations and constraints are found by rules, with their lines, and say so',
    ),
    () => {
      const found = requirementsByRule(PRD);
      const of = (kind: string) =>
        found.filter((one) => one.kind === kind).map(({ text, line }) => [text.slice(0, 24), line]);
      expect(of('entity')).toEqual([
        ['Order', 4],
        ['Customer', 5],
      ]);
      expect(of('workflow')).toEqual([['As a customer, I want to', 8]]);
      expect(of('integration')).toEqual([['Stripe', 8]]);
      expect(of('constraint').map(([, line]) => line)).toEqual([11, 12]);
      expect(found.every(({ from }) => from === 'rule')).toBe(true);
    },
  );

  test.each([
    ['brackets', '['.repeat(500_000)],
    ['links without an end', '[]('.repeat(200_000)],
    ['a heading that never ends', `#${' '.repeat(500_000)}x\u2028`],
    ['an item that never ends', `-${' '.repeat(500_000)}x\u2028`],
  ])('a line of %s costs its length, not its square', (_, line) => {
    expect(requirementsByRule(`${line}\nPay by Stripe.`)).toMatchObject([{ text: 'Stripe', line: 2 }]);
  });

  test('any text is read, and every line that is named has the words', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const lines = text.split('\n');
        expect(requirementsByRule(text).every(({ line }) => line !== null && lines[line - 1] !== undefined)).toBe(true);
      }),
    );
  });
});
