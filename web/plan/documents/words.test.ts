import { expect, test } from 'vitest';
import type { Drafted } from './data.js';
import { pageStarts } from './page-starts.js';
import { draftFrom, groupsOf, placeText } from './words.js';

const requirement = { kind: 'entity', text: 'Order', line: 5, page: 1, from: 'rule' } as const;

test('requirements stand under their headings, those that there are, each with its place', () => {
  const model = { ...requirement, kind: 'constraint', from: 'model', line: null } as const;
  expect(groupsOf([model, requirement]).map(({ heading, requirements }) => [heading, requirements.length])).toEqual([
    ['Entities', 1],
    ['Constraints', 1],
  ]);
  expect([placeText(requirement, 1), placeText(requirement, 3), placeText(model, 1)]).toEqual([
    'line 5',
    'page 1, line 5',
    'not in these words',
  ]);
});

test('pages begin at their lines; a document of one page has none to name', () => {
  expect([...pageStarts([1])]).toEqual([]);
  expect([...pageStarts([1, 4])]).toEqual([
    [1, 1],
    [4, 2],
  ]);
});

test('a draft of a document says of each step where it came from', () => {
  const document = { documentId: 'd', name: 'restart.pdf', text: '$ ls', pages: 2 };
  const sources = [{ step: 'ls', page: 2, line: 3, paragraph: 1 }];
  const none = { compiled: null, file: null, sources: [], why: 'No command.', draft: null };
  expect(draftFrom(document, none)).toBeUndefined();
  const made = { ...none, compiled: {}, file: 'restart.pdf.md', sources } as unknown as Drafted;
  expect(draftFrom(document, made)).toEqual({
    text: '$ ls',
    file: 'restart.pdf.md',
    origins: [{ step: 'ls', words: 'restart.pdf, page 2, paragraph 1, line 3', document: 'd', line: 3 }],
  });
});
