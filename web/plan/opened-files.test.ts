import { expect, test } from 'vitest';
import { leftDocuments, openFiles, useOf } from './opened-files.js';

const bytes = (...parts: (string | number[])[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

test.each([
  ['restart.pdf', bytes('%PDF-1.4'), 'document'],
  ['without-ending', bytes('%PDF-1.7'), 'document'],
  ['restart.DOCX', bytes(ZIP), 'document'],
  ['shot.png', bytes(PNG), 'document'],
  ['shot.jpeg', bytes([0xff, 0xd8, 0xff, 0xe0]), 'document'],
  ['page.html', bytes('<p>'), 'document'],
  ['page.txt', bytes('\n<!DOCTYPE html><html>'), 'document'],
  ['runbook.md', bytes('# Restart\n\n<html> in prose'), 'text'],
  ['plan.yaml', bytes('title: Größe 日本'), 'text'],
  // A letter that the beginning cuts in two.
  ['cut.md', bytes('# Gr', [0xc3]), 'text'],
  ['files.zip', bytes(ZIP), 'refused'],
  ['setup.exe', bytes('MZ', [0x90, 0, 3, 0]), 'refused'],
  ['data.bin', bytes([0xfe, 0xff, 0x80]), 'refused'],
  ['faked.pdf', bytes('# not a PDF'), 'refused'],
  ['faked.docx', bytes('%PDF-1.4'), 'refused'],
])('%s is a %s', (name, head, is) => expect(useOf(name, head).is).toBe(is));

test('files are taken by what they are for; what is no text is refused in words', async () => {
  const late = `${'x'.repeat(5000)}\0`;
  const opened = await openFiles([
    new File(['# A'], 'a.md'),
    new File([bytes('%PDF-1.4')], 'b.pdf'),
    new File([bytes(ZIP)], 'c.zip'),
    new File([late], 'd.md'),
    new File(['x'.repeat(8 * 1024 * 1024 + 1)], 'e.md'),
  ]);
  expect(opened.texts).toEqual([{ path: 'a.md', text: '# A' }]);
  expect(opened.documents.map(({ name }) => name)).toEqual(['b.pdf']);
  expect(opened.refused.map((words) => words.slice(0, 14))).toEqual([
    'c.zip: It is n',
    'd.md: It is no',
    'e.md: It is la',
  ]);
  expect(leftDocuments(opened)).toEqual([expect.stringContaining('Left out: b.pdf. Open it by itself')]);
  expect(leftDocuments({ ...opened, texts: [{ path: 'tasks.md', text: '' }] })[0]).toContain('A task list takes');
  expect(leftDocuments({ ...opened, texts: [] })).toEqual([]);
});
