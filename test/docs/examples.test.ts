import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { compilePlan } from '#compile/compile.js';
import { OpsroomError } from '#kit/errors.js';
import { builtIn } from '#operations/contracts.js';
import type { CommandModule } from '../../src/cli/command.js';
import { ROOT } from '../architecture/sources.js';
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

const said = (at: string, text: string): Said[] => {
  const line = /^(?:\$ )?(?:npx )?opsroom (.+)$/.exec(text.trim())?.[1];
  return line === undefined ? [] : [{ at, line }];
};

/** Each `opsroom …` of the pages: lines of shell blocks, and commands in backticks. */
function commandLines(): Said[] {
  return guides.flatMap((page) => [
    ...fences(page)
      .filter(({ info }) => info === 'sh')
      .flatMap((block) => block.text.split('\n').flatMap((text) => said(place(block), text))),
    ...page.text
      .split('\n')
      .flatMap((text, index) =>
        [...text.replaceAll('\\|', '|').matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) =>
          said(`${page.path}:${index + 1}`, code),
        ),
      ),
  ]);
}

/** The command as commander knows it, with its own arguments and options; undefined when there is none of that name. */
async function commandCalled(name: string): Promise<Command | undefined> {
  const file = `src/cli/commands/${name}.ts`;
  if (!/^[a-z][a-z-]*$/.test(name) || !existsSync(join(ROOT, file))) return undefined;
  const module = (await import(`../../src/cli/commands/${name}.ts`)) as { readonly command: CommandModule };
  const command = new Command(name).option('--json').helpOption('--help');
  module.command.register(command);
  return command;
}

/** Why the line would not be understood; undefined when its command and every option of it exist. */
async function mistake(line: string): Promise<string | undefined> {
  const [name = '', ...rest] = words(line);
  if (name === 'help' || name.startsWith('--')) return undefined;
  const command = await commandCalled(name);
  if (command === undefined) return `there is no command "${name}"`;
  const known = ['--help', ...command.options.flatMap(({ long, short }) => [long, short])];
  const unknown = rest
    .map((word) => word.replace(/=.*$/, ''))
    .filter((word) => /^-{1,2}[a-z]/.test(word) && !known.includes(word));
  return unknown.length === 0 ? undefined : `${name} has no ${unknown.join(', ')}`;
}

describe('commands on the pages', () => {
  const lines = commandLines();

  test('mistakes are found', async () => {
    expect(await mistake('frobnicate x')).toContain('no command');
    expect(await mistake('run x.yaml --frobnicate')).toBe('run has no --frobnicate');
    expect(await mistake('run x.yaml --input a=1 --json')).toBeUndefined();
    expect(words('confirm RUN s --reason "it is on" # why')).toEqual(['confirm', 'RUN', 's', '--reason', 'it is on']);
  });

  test('each exists, with its options', async () => {
    expect(lines.length).toBeGreaterThan(15);
    const found = await Promise.all(lines.map(async ({ at, line }) => [at, line, await mistake(line)]));
    expect(found.filter(([, , wrong]) => wrong !== undefined)).toEqual([]);
  });
});
