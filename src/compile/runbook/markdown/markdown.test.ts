import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import type { Block, CodeBlock, ListItem } from './document.js';
import { readMarkdown } from './markdown.js';

const read = (text: string): ReturnType<typeof readMarkdown> => readMarkdown(text, 'ops/rotate.md');
const isCode = (block: Block): block is CodeBlock => block.kind === 'code';
const isItem = (block: Block): block is ListItem => block.kind === 'item';
const codeOf = (text: string): CodeBlock[] => read(text).blocks.filter(isCode);
const itemsOf = (text: string): ListItem[] => read(text).blocks.filter(isItem);

describe('code', () => {
  test('is found with its lines, fences counted', () => {
    const [fenced, indented] = codeOf('# A\n\n```bash {verify}\nls\n\npwd\n```\n\ntext\n\n    make\n');
    expect(fenced).toMatchObject({ language: 'bash', text: 'ls\n\npwd', lines: { from: 3, to: 7 }, fenced: true });
    expect(fenced?.attributes.get('verify')).toBe('true');
    expect(indented).toMatchObject({ language: '', text: 'make', lines: { from: 11, to: 11 }, fenced: false });
  });

  test('keeps its lines with a byte order mark, CRLF, and front matter', () => {
    expect(codeOf('\uFEFF---\r\ntitle: T\r\n---\r\n\r\n~~~sh\r\nls\r\n~~~\r\n')).toMatchObject([
      { text: 'ls', lines: { from: 5, to: 7 } },
    ]);
  });

  test('loses the indentation of its list item and the marks of its quotation', () => {
    const text = '1. Build:\n\n\t```sh\n\tif x; then\n\t  y\n\tfi\n\t```\n\n> ```sh\n> ls\n> ```\n';
    expect(codeOf(text).map((code) => code.text)).toEqual(['if x; then\n  y\nfi', 'ls']);
  });

  test('without a closing fence reaches to the end', () => {
    expect(codeOf('```sh\nls\n')).toMatchObject([{ text: 'ls', lines: { from: 1, to: 2 } }]);
  });

  test('is a fence also where it is indented too deep for CommonMark', () => {
    expect(codeOf('- Do:\n\n      ```sh\n      ls\n        a\n      ```\n')).toMatchObject([
      { language: 'sh', text: 'ls\n  a', fenced: true, lines: { from: 3, to: 6 } },
    ]);
  });

  test('ends where its fence is closed outside of its list item', () => {
    const text =
      '1. Tag:\n   ```sh\n   git tag v1\n````\n\n2. Build\n\n   ```sh\n   make\n```\n\n## Next\n\n```sh\nls\n```\n';
    expect(codeOf(text)).toMatchObject([
      { text: 'git tag v1', lines: { from: 2, to: 4 } },
      { text: 'make', lines: { from: 8, to: 10 } },
      { text: 'ls', section: { heading: 'Next' } },
    ]);
    expect(itemsOf(text)).toMatchObject([{ text: 'Tag:' }, { text: 'Build' }]);
    expect(codeOf('- a\n  ```sh\n  x\n```sh\ny\n```\n')).toMatchObject([{ text: 'x' }, { text: 'y' }]);
  });

  test('in a comment does not exist', () => {
    expect(codeOf('<!--\n```sh\nrm -rf /\n```\n-->\n')).toEqual([]);
  });

  test('knows the text before and after it', () => {
    const [first, second, third] = codeOf(
      'Run **this** [now](u):\n\n```sh\na\n```\n\nYou see `x`.\n\n```sh\nb\n```\n\n# Next\n\n- Bullet:\n  ```sh\n  c\n  ```\n',
    );
    expect(first).toMatchObject({ intro: 'Run this now:', outro: 'You see x.' });
    expect(second).toMatchObject({ intro: 'You see x.', outro: '' });
    expect(third).toMatchObject({ intro: 'Bullet:', outro: '', item: undefined });
  });
});

describe('sections', () => {
  const text = '# A :rocket: [B](u)\n\n## C `d` ##\n\nx\n\nC\n---\n\n```sh\nls\n```\n\n# E\n';

  test('have plain headings, slugs, parents and lines', () => {
    expect(
      read(text).sections.map(({ heading, slug, level, parent, lines }) => [
        heading,
        slug,
        level,
        parent?.slug,
        lines.from,
        lines.to,
      ]),
    ).toEqual([
      ['', '', 0, undefined, 1, 14],
      ['A B', 'a-rocket-b', 1, '', 1, 13],
      ['C d', 'c-d', 2, 'a-rocket-b', 3, 6],
      ['C', 'c', 2, 'a-rocket-b', 7, 13],
      ['E', 'e', 1, '', 14, 14],
    ]);
    expect(codeOf(text)[0]?.section.slug).toBe('c');
  });

  test('of the same name have different slugs', () => {
    expect(read('# A\n# A-1\n# A\n# A\n# !\n').sections.map(({ slug }) => slug)).toEqual([
      '',
      'a',
      'a-1',
      'a-2',
      'a-3',
      '-1',
    ]);
  });

  test('carry annotations, which are no part of the heading', () => {
    const [, check, user] = read('# Check it {verify timeout=3s}\n# GET /users {id}\n').sections;
    expect([check?.heading, check?.attributes.get('timeout'), user?.heading]).toEqual([
      'Check it',
      '3s',
      'GET /users {id}',
    ]);
  });

  test('may be headed in HTML, and end with the details they stand in', () => {
    const { sections, title } = read(
      '<h1 align="center">\n  The <b>Title</b>\n</h1>\n\n<details>\n<summary>x</summary>\n\n### In\n\n</details>\n\n```sh\nls\n```\n',
    );
    expect(title).toBe('The Title');
    expect(sections.map(({ heading, lines }) => [heading, lines.from, lines.to])).toEqual([
      ['', 1, 14],
      ['The Title', 1, 14],
      ['In', 8, 9],
    ]);
  });
});

describe('list items', () => {
  test('are numbered or ticked, nested, and know whether they hold code', () => {
    const items = itemsOf(
      '1. Open *it*:\n   - click\n   - wait\n\n   then\n   1. inner\n\n      ```sh\n      ls\n      ```\n2. Close\n\n- [x] done\n- [ ] not `yet`\n- bullet\n',
    );
    expect(
      items.map(({ text, marker, checked, holdsCode, parent, lines }) => [
        text,
        marker,
        checked,
        holdsCode,
        parent?.text,
        lines.from,
        lines.to,
      ]),
    ).toEqual([
      ['Open it:\n- click\n- wait\nthen', 'number', false, true, undefined, 1, 10],
      ['inner', 'number', false, true, 'Open it:\n- click\n- wait\nthen', 6, 10],
      ['Close', 'number', false, false, undefined, 11, 11],
      ['done', 'checkbox', true, false, undefined, 13, 13],
      ['not yet', 'checkbox', false, false, undefined, 14, 14],
    ]);
  });

  test('of a table of contents are text', () => {
    expect(itemsOf('1. [Install](#install)\n2. [Use it](#use-it)\n')).toEqual([]);
  });
});

describe('front matter', () => {
  test('is data, and names the title', () => {
    const document = read('---\ntitle: Rotate\nrun: all\n---\n# Other\n');
    expect([document.title, document.frontMatter]).toEqual(['Rotate', { title: 'Rotate', run: 'all' }]);
  });

  test('that is broken and says something to us is an error with its place', () => {
    expect(() => read('---\nopsroom: { run: [x }\n---\n')).toThrow(
      expect.objectContaining({ code: 'PLAN_SYNTAX', message: expect.stringContaining('ops/rotate.md:') }),
    );
    expect(() => read('---\nopsroom: {}\na: 1\na: 2\n---\n')).toThrow(/ops\/rotate\.md:4:1/);
  });

  test('that is broken and for others alone is not read, and that is said', () => {
    const document = read('---\ntitle: Rotate\na: 1\na: 2\n---\n# Other\n');
    expect([document.title, document.frontMatter]).toEqual(['Other', null]);
    expect(document.fault).toMatchObject({ what: 'In the front matter: The key "a" stands twice', line: 4 });
    expect(read('---\ntitle: [x\n---\n').fault).toMatchObject({ code: 'PLAN_SYNTAX' });
    expect(read('---\ntitle: x\n---\n').fault).toBeUndefined();
  });

  test('is not what merely stands between two rules', () => {
    expect(read('---\nHello there\n---\n').frontMatter).toBeUndefined();
    expect(read('---\n\n# Heading\n').title).toBe('Heading');
  });

  test('binary files and huge ones are refused', () => {
    expect(() => read('a\0b')).toThrow(expect.objectContaining({ code: 'PLAN_UNREADABLE' }));
    expect(() => read('a'.repeat(9_000_000))).toThrow(expect.objectContaining({ code: 'PLAN_TOO_LARGE' }));
  });
});

describe('any document', () => {
  const line = fc.constantFrom(
    '',
    '',
    '```',
    '```sh',
    '~~~',
    '    ls',
    '\tls',
    '# A',
    'A',
    '---',
    '===',
    '- a',
    '1. b',
    '   1. c',
    '- [ ] d',
    '> q',
    '  ',
    '=== "npm"',
    '    ```sh',
    '    ```',
    '<Tabs>',
    '<TabItem value="x">',
    '</TabItem>',
    '</Tabs>',
    '  </TabItem>',
    '::: code-group',
    ':::',
    '{% tab title="a" %}',
    '{% endtab %}',
    '<details>',
    '<summary>s</summary>',
    '</details>',
    '> <details>',
    '> ```',
    '- <details>',
    '<!--',
    '-->',
    '| a | b |',
    '| - | - |',
    '[a]: b',
    '!!! note',
    '<h2>x',
    '</h2>',
    'rm -rf /',
    'x: 1',
    '\r',
    '\uFEFF',
  );
  const documents = fc.oneof(
    fc.array(line, { maxLength: 40 }).map((lines) => lines.join('\n')),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
  );

  test('is read, or refused with a clear error; its blocks lie in it and do not overlap', () => {
    fc.assert(
      fc.property(documents, (text) => {
        let document: ReturnType<typeof read>;
        try {
          document = read(text);
        } catch (error) {
          if (!(error instanceof OpsroomError)) throw error;
          return;
        }
        const lines = text.replace(/^\uFEFF/, '').split(/\r\n?|\n/);
        let last = 0;
        for (const block of document.blocks.filter(isCode)) {
          const { from, to } = block.lines;
          expect(from).toBeGreaterThan(last);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(lines.length);
          last = to;
          expectSameText(block, lines);
          expect(within(block, block.section.lines)).toBe(true);
          if (block.item !== undefined) expect(within(block, block.item.lines)).toBe(true);
        }
        expect(new Set(document.sections.map(({ slug }) => slug)).size).toBe(document.sections.length);
      }),
      { numRuns: 2000 },
    );
  });
});

function within({ lines }: CodeBlock, outer: { from: number; to: number }): boolean {
  return lines.from >= outer.from && lines.to <= outer.to;
}

/** The text is the lines of the file without fences, indentation and the marks of quotations. */
function expectSameText(block: CodeBlock, lines: readonly string[]): void {
  const { from, to } = block.lines;
  const inner = lines.slice(block.fenced ? from : from - 1, to);
  for (const [index, line] of (block.text === '' ? [] : block.text.split('\n')).entries()) {
    expect((inner[index] ?? '').endsWith(line.trimStart())).toBe(true);
  }
}
