import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { builtIn } from '../../../operations/contracts.js';
import { loadShellGrammar, shellFacts } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { decideBlocks } from '../decide/decide.js';
import { readMarkdown } from '../markdown/markdown.js';
import { compileRunbook } from '../runbook.js';
import { offerChoices } from '../ways/alternatives.js';
import { beginsAnew } from './begins-anew.js';

const grammar = await loadShellGrammar();
const settings = readSettings({}, 'r.md');
const { contracts } = builtIn();
const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n\n`;
const section = (heading: string, ...blocks: readonly string[]) =>
  `## ${heading}\n\n${blocks.map((code) => block(code)).join('')}`;
const runbook = (...sections: readonly string[]) => `# Release\n\n${sections.join('')}`;

/** The scripts of the blocks that begin where the run began. */
function anew(text: string): string[] {
  const document = readMarkdown(text, 'r.md');
  const decided = decideBlocks({ document, file: 'r.md', settings, grammar });
  const { decisions } = offerChoices(decided, undefined, (script) => shellFacts(script, grammar));
  return [...beginsAnew(decisions).keys()].map((one) => ('text' in one ? one.text.trim() : ''));
}

const GO = 'cd repo\nmake deploy';

test.each([
  ['the same again', ['cd repo\nmake build'], GO],
  ['behind what was fetched', ['git clone https://git.test/x/repo\ncd repo && make'], GO],
  ['behind a variable', ['cd repo\nmake build'], 'export ENV=live\ncd repo && make deploy'],
  ['further on in between', ['cd repo\nmake build', 'cd web\nmake web'], GO],
  ['there and back in between', ['cd repo\nmake build', 'cd web\nmake web\ncd ..'], GO],
  ['a subshell in between', ['cd repo\nmake build', '(cd /srv && make web)'], GO],
  ['a folder with a path', ['cd ./apps/web\nmake build'], 'cd ./apps/web\nmake deploy'],
  ['a quoted folder', ['cd "my app"\nmake build'], 'cd "my app"\nmake deploy'],
])('begins anew: %s', (_what, before, again) => {
  expect(anew(runbook(section('Build', ...before), section('Deploy', again)))).toEqual([again]);
});

test.each([
  ['another folder', ['cd frontend\nmake'], 'cd backend\nmake deploy'],
  ['another word for it', ['cd repo\nmake'], 'cd repo/\nmake deploy'],
  ['one that was not the first', ['cd repo\nmake', 'cd web\nmake'], 'cd web\nmake deploy'],
  ['no first command', ['cd repo\nmake'], 'make prepare\ncd repo\nmake deploy'],
  ['in parentheses', ['cd repo\nmake'], '(cd repo && make deploy)'],
  ['went back: ..', ['cd repo\nmake', 'cd ..'], GO],
  ['went back: -', ['cd repo\nmake', 'cd -'], GO],
  ['went back: home', ['cd repo\nmake', 'cd'], GO],
  ['went back: popd', ['cd repo\nmake', 'popd'], GO],
  ['went back: further up', ['cd repo\nmake', 'cd web\ncd ../..'], GO],
  ['went elsewhere', ['cd repo\nmake', 'cd /srv\nmake'], GO],
  ['went who knows where', ['cd repo\nmake', 'cd "$APP"\nmake'], GO],
  ['went back in a function', ['cd repo\nmake', 'out() {\n  cd /srv\n}\nout'], GO],
  ['was not there', ['cd repo\nmake\ncd ..'], GO],
  ['only a subshell was there', ['(cd repo && make)'], GO],
  ['absolute', ['cd /srv/repo\nmake'], 'cd /srv/repo\nmake deploy'],
  ['at home', ['cd ~/repo\nmake'], 'cd ~/repo\nmake deploy'],
  ['up', ['cd ../repo\nmake'], 'cd ../repo\nmake deploy'],
  ['a variable', ['cd "$APP"\nmake'], 'cd "$APP"\nmake deploy'],
  ['a placeholder', ['cd YOUR_APP\nmake'], 'cd YOUR_APP\nmake deploy'],
  ['a pattern', ['cd repo-*\nmake'], 'cd repo-*\nmake deploy'],
])('goes on where it is: %s', (_what, before, again) => {
  expect(anew(runbook(section('Build', ...before), section('Deploy', again)))).toEqual([]);
});

test('within one section the same words may be meant as they stand, also where the section began anew', () => {
  expect(anew(runbook(section('Build', 'cd repo\nmake', GO)))).toEqual([]);
  expect(anew(runbook(section('Build', 'cd repo\nmake'), section('Deploy', 'cd repo\nmake a', GO)))).toEqual([
    'cd repo\nmake a',
  ]);
});

test('each of several ways begins anew where the first of them does', () => {
  const ways = `### npm\n\n${block('cd repo\nnpm ci')}### yarn\n\n${block('cd repo\nyarn install')}`;
  expect(anew(runbook(`## Install\n\n${ways}`))).toEqual([]);
  expect(anew(runbook(section('Fetch', 'cd repo\ngit pull'), `## Install\n\n${ways}`))).toEqual([
    'cd repo\nnpm ci',
    'cd repo\nyarn install',
  ]);
});

test('however often sections go there, each but the first begins anew, and its rollback, too', () => {
  const names = fc.uniqueArray(fc.constantFrom('Build', 'Test', 'Deploy', 'Announce', 'Start'), { minLength: 2 });
  const target = fc.constantFrom('repo', 'apps/web', './x', '"a b"');
  fc.assert(
    fc.property(names, target, fc.boolean(), (headings, to, returns) => {
      const scripts = headings.map((name) => `cd ${to}\nmake ${name.toLowerCase()}`);
      const sections = headings.map((name, i) =>
        section(name, `${scripts[i]}${returns && to === 'repo' && i > 0 ? '\ncd ..' : ''}`),
      );
      const found = anew(runbook(...sections, section('Rollback', `cd ${to}\nmake undo`)));
      expect(found.map((text) => text.replace(/\ncd \.\.$/, ''))).toEqual([...scripts.slice(1), `cd ${to}\nmake undo`]);
    }),
    { numRuns: 30 },
  );
});

const compiled = (text: string, anchor?: string) => compileRunbook({ text, file: 'r.md', section: anchor }, contracts);
const folderOf = (call: JsonObject | undefined) => (call?.['session'] as JsonObject | undefined)?.['folder'];

const WHOLE = runbook(
  section('Build', 'cd repo\nmake build'),
  section('Deploy', GO),
  section('Verify', 'cd repo\ntest -s deployed'),
  section('Rollback', 'cd repo\nmake undo', 'make clean'),
);

test('steps, checks and rollbacks say so, and a warning tells each', async () => {
  const { plan, warnings } = await compiled(WHOLE);
  const [build, deploy] = plan.steps;
  expect([build, deploy].map((step) => folderOf(step?.args))).toEqual([undefined, 'start']);
  expect(deploy?.verifiers?.map(({ config }) => folderOf(config))).toEqual(['start']);
  const undone = plan.steps.flatMap(({ rollback }) => rollback ?? []);
  expect(undone.map(({ args }) => args['session'])).toEqual([
    { name: 'main', order: 99_998, folder: 'start' },
    { name: 'main', order: 99_999, after: true },
  ]);
  expect(warnings.filter((text) => text.includes('stands here again'))).toEqual([
    'r.md:12–15: `cd repo` stands here again, so it begins in the folder where the run began.',
    'r.md:19–22: `cd repo` stands here again, so it begins in the folder where the run began.',
    'r.md:26–29: `cd repo` stands here again, so it begins in the folder where the run began.',
  ]);
});

test('of what is asked about, only the part that goes there begins anew', async () => {
  const { plan } = await compiled(
    runbook(section('Build', 'cd repo\nmake build'), section('Clear', 'cd repo\nrm -rf cache', 'make again')),
  );
  const folders = plan.steps.flatMap(({ tool, args }) => (tool === 'shell' ? [[args['run'], folderOf(args)]] : []));
  expect(folders).toEqual([
    ['cd repo\nmake build', undefined],
    ['cd repo', 'start'],
    ['rm -rf cache', undefined],
    ['make again', undefined],
  ]);
});

test('a section that is run alone begins where the run does, asks nobody where that is, and takes back from there', async () => {
  const back = `### Rollback\n\n${block('cd repo\nmake undo')}`;
  const { plan, warnings } = await compiled(
    runbook(section('Build', 'cd repo\nmake build'), section('Deploy', GO), back),
    'deploy',
  );
  expect(plan.steps.map(({ kind, args }) => [kind, args['run'], folderOf(args)])).toEqual([['tool', GO, undefined]]);
  expect(warnings.join()).not.toContain('goes to another folder');
  const [undo] = plan.steps[0]?.rollback ?? [];
  expect([undo?.args['run'], folderOf(undo?.args)]).toEqual(['cd repo\nmake undo', 'start']);
});

test('what goes to a folder for a section behind it is done from where the run begins', async () => {
  const text = runbook(section('Build', 'cd repo\nmake build'), section('Deploy', 'cd repo', 'make deploy'));
  const { plan } = await compiled(`${text}${section('Clear', 'make clear')}`, 'clear');
  expect(plan.steps.map(({ args }) => [args['run'], folderOf(args)])).toEqual([
    ['cd repo', undefined],
    ['make clear', undefined],
  ]);
});
