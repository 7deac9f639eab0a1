import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { compilePlan } from '#compile/compile.js';
import { OpsroomError } from '#kit/errors.js';
import { builtIn } from '#operations/contracts.js';
import type { CommandModule } from '../../src/cli/command.js';
import { ROOT, trackedTexts } from '../architecture/sources.js';
import { type Fence, fences, pages } from './markdown.js';

const guides = pages().filter(({ path }) => /^(README|CONTRIBUTING)\.md$|^docs\//.test(path));
const blocks = guides.flatMap(fences);
const place = ({ file, line }: Fence) => `${file}:${line}`;

/** A block that begins with a list shows steps; the rest of their plan is left out on the page. */
function planText({ text }: Fence): string {
  if (!/^(#.*\n)*- /.test(text)) return text;
  return `apiVersion: opsroom/v1\ntitle: Example\nsteps:\n${text.replaceAll(/^(?=.)/gm, '  ')}`;
}

const compile = (block: Fence) => compilePlan({ text: planText(block), file: place(block) }, builtIn().contracts);

describe('plans on the pages', () => {
  const plans = blocks.filter(({ info }) => info === 'yaml').map((block) => [place(block), block] as const);
  const refused = blocks
    .filter(({ info }) => info.startsWith('yaml '))
    .map((block) => [place(block), block.info.replace(/^yaml refused /, ''), block] as const);

  test('there are some of both', () => {
    expect(plans.length).toBeGreaterThan(20);
    expect(refused.length).toBeGreaterThan(5);
  });

  test.each(plans)('%s compiles', (_, block) => {
    expect(compile(block).plan.steps.length).toBeGreaterThan(0);
  });

  test.each(refused)('%s is refused with %s', (_, code, block) => {
    let thrown: unknown;
    try {
      compile(block);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(OpsroomError);
    expect(thrown).toMatchObject({ code });
  });
});

/** A command line of a page as words; text in quotes is one, a comment none. */
function words(line: string): string[] {
  const bare = line.replace(/\s+#.*$/, '');
  return [...bare.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}

interface Said {
  readonly at: string;
  readonly line: string;
}

/** Each `opsroom …` of a command line: also behind a pipe, an `&&` or the setting of a variable. */
const said = (at: string, text: string): Said[] =>
  parts(text).flatMap((part) => {
    const line = /^(?:\$ )?(?:[A-Z_]+=\S* )*(?:npx )?opsroom (.+)$/.exec(part.trim())?.[1];
    return line === undefined ? [] : [{ at, line }];
  });

/** A command line cut at `|`, `&&` and `;` that stand outside of quotes. */
const parts = (text: string): string[] =>
  [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^"'|&;]|['"])+/g)].map(([part]) => part);

/** Blocks that show commands: those of the shell, and those that say nothing of what they are. */
const SHELL = new Set(['sh', '']);

/** Each `opsroom …` of the pages: lines of shell blocks, those that end in a backslash with the next, and commands in backticks. */
function commandLines(): Said[] {
  return guides.flatMap((page) => [
    ...fences(page)
      .filter(({ info }) => SHELL.has(info))
      .flatMap((block) =>
        block.text
          .replaceAll(/\\\n\s*/g, ' ')
          .split('\n')
          .flatMap((text) => said(place(block), text)),
      ),
    ...page.text
      .split('\n')
      .flatMap((text, index) =>
        [...text.replaceAll('\\|', '|').matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) =>
          said(`${page.path}:${index + 1}`, code),
        ),
      ),
  ]);
}

/** Each `npx opsroom …` that the app tells its readers to type. */
function commandsOfTheApp(): Said[] {
  return trackedTexts()
    .filter(({ path }) => /^web\/.*\.tsx$/.test(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/(["'`])(npx opsroom (?:(?!\1).)+)\1/g)].flatMap(([, , line = '']) =>
        said(path, line.replaceAll(/\$\{[^}]*\}/g, 'X')),
      ),
    );
}

/** The command as commander knows it, with its own arguments and options; undefined when there is none of that name. */
async function commandCalled(name: string): Promise<Command | undefined> {
  const file = `src/cli/commands/${name}.ts`;
  if (!/^[a-z][a-z-]*$/.test(name) || !existsSync(join(ROOT, file))) return undefined;
  const module = (await import(`../../src/cli/commands/${name}.ts`)) as { readonly command: CommandModule };
  const command = new Command(name).option('--json').option('--org <name>').helpOption('--help');
  module.command.register(command);
  return command;
}

/** Why the line would not be understood; undefined when its command and every option of it exist. */
async function mistake(line: string): Promise<string | undefined> {
  // Behind `--` stands another program's.
  const [name = '', ...rest] = words(line.replace(/ -- .*/, ''));
  if (name === 'help' || name.startsWith('--')) return undefined;
  const command = await commandCalled(name);
  if (command === undefined) return `there is no command "${name}"`;
  const known = ['--help', ...command.options.flatMap(({ long, short }) => [long, short])];
  const unknown = rest
    .map((word) => word.replace(/=.*$/, ''))
    .filter((word) => /^-{1,2}[a-z]/.test(word) && !known.includes(word));
  if (unknown.length > 0) return `${name} has no ${unknown.join(', ')}`;
  const verbs = command.registeredArguments[0]?.argChoices;
  const [verb = ''] = rest;
  // Words in capitals stand for one, as "…" does.
  const free = verb === '' || verb.startsWith('-') || /^(?:[A-Z]+|…)$/.test(verb);
  return verbs === undefined || free || verbs.includes(verb) ? undefined : `${name} has no "${verb}"`;
}

/** A file of the checkout that is named on the line and is not there. */
const missingExample = (line: string): string | undefined =>
  words(line).find((word) => word.startsWith('examples/') && !existsSync(join(ROOT, word.replace(/#.*/, ''))));

describe('commands on the pages', () => {
  const lines = commandLines();

  test('mistakes are found', async () => {
    expect(await mistake('frobnicate x')).toContain('no command');
    expect(await mistake('run x.yaml --frobnicate')).toBe('run has no --frobnicate');
    expect(await mistake('audit frobnicate')).toBe('audit has no "frobnicate"');
    expect(
      said('', 'ORG=a npx opsroom audit list --json | jq . && opsroom runs').map(({ line }) => line.trim()),
    ).toEqual(['audit list --json', 'runs']);
    expect(said('', 'npx opsroom webhooks add x --filter "a && b"')).toHaveLength(1);
    expect(await mistake('run x.yaml --input a=1 --json')).toBeUndefined();
    expect(words('confirm RUN s --reason "it is on" # why')).toEqual(['confirm', 'RUN', 's', '--reason', 'it is on']);
  });

  test.each([
    ['the pages', lines, 150],
    ['the app', commandsOfTheApp(), 15],
  ] as const)('of %s exist, with their verbs and options', async (_, all, least) => {
    expect(all.length).toBeGreaterThan(least);
    const found = await Promise.all(
      all.map(async ({ at, line }) => [at, line, (await mistake(line)) ?? missingExample(line)]),
    );
    expect(found.filter(([, , wrong]) => wrong !== undefined)).toEqual([]);
  });
});
