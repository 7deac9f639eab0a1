import { expect, test } from 'vitest';
import { BY_A_PERSON, type Doing, keptDoing, pathIn, readDoing } from './doing.js';

const read = (some: Partial<Doing>) => readDoing({ ...BY_A_PERSON, ...some });
const folder = '/home/ada/shop';

test('a person needs nothing more, and nothing of it goes to the API', () => {
  expect(read({})).toEqual({ body: {}, wrong: {}, lacks: undefined });
  expect(read({ check: 'npm test', program: 'x', folder: '/x' }).body).toEqual({});
});

test('a program is words, which no shell reads; an agent is one of three', () => {
  expect(read({ who: 'program', program: `claude -p "a b" '$(id)' | x`, check: 'npm test', folder }).body).toEqual({
    doer: { argv: ['claude', '-p', 'a b', '$(id)', '|', 'x'] },
    check: ['npm', 'test'],
    folder,
  });
  expect(read({ who: 'codex', folder }).body).toEqual({ doer: { agent: true, preset: 'codex' }, folder });
});

test('a pull request can be asked for whoever does the tasks', () => {
  expect(read({ repo: ' octo/shop ', folder })).toEqual({
    body: { pullRequest: { repo: 'octo/shop' }, folder },
    wrong: {},
    lacks: undefined,
  });
  const server = 'https://git.example.com/api/v3';
  expect(read({ repo: 'octo/shop', server, folder }).body.pullRequest).toEqual({
    repo: 'octo/shop',
    githubUrl: server,
  });
});

test.each<[Partial<Doing>, keyof Doing, string]>([
  [{ who: 'program', program: 'sh "x', folder }, 'program', 'quote'],
  [{ who: 'program', program: '""', folder }, 'program', 'Name a program'],
  [{ who: 'codex', check: "npm 'test", folder }, 'check', 'quote'],
  [{ repo: 'shop', folder }, 'repo', 'OWNER/NAME'],
  [{ repo: 'octo/shop', server: 'http://git.example.com', folder }, 'server', 'https://'],
  [{ who: 'codex', folder: 'shop' }, 'folder', 'begins with /'],
  [{ who: 'codex', folder, documents: '../x' }, 'documents', 'below'],
])('%j: %s is wrong, and is not sent', (some, field, words) => {
  const { body, wrong, lacks } = read(some);
  expect(Object.keys(wrong)).toEqual([field]);
  expect(wrong[field as Exclude<keyof Doing, 'who'>]).toContain(words);
  expect(lacks).toContain('Mend');
  const name = { program: 'doer', check: 'check', repo: 'pullRequest', folder: 'folder' }[field as string];
  if (name !== undefined) expect(body).not.toHaveProperty(name);
});

test('what is missing keeps it from running, and is no fault yet', () => {
  expect(read({ who: 'program', folder })).toMatchObject({
    body: { folder },
    wrong: {},
    lacks: expect.stringContaining('program'),
  });
  expect(read({ who: 'cursor' })).toMatchObject({ wrong: {}, lacks: expect.stringContaining('folder') });
});

test('documents lie where they are said to be, once that matters', () => {
  expect(pathIn({ ...BY_A_PERSON, who: 'codex', documents: 'specs/001-shop/' }, 'tasks.md')).toBe(
    'specs/001-shop/tasks.md',
  );
  expect(pathIn({ ...BY_A_PERSON, documents: 'specs/001-shop' }, 'tasks.md')).toBe('tasks.md');
});

test('what another version of the page kept is taken only where it fits', () => {
  expect(keptDoing({ who: 'program', program: 'x' })).toEqual({ ...BY_A_PERSON, who: 'program', program: 'x' });
  expect([keptDoing({ who: 'nobody' }), keptDoing({ program: 7 }), keptDoing(null)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
