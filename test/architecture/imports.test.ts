import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ROOT } from './sources.js';

const LAW = join(ROOT, '.dependency-cruiser.cjs');
const { table, runbook } = createRequire(import.meta.url)(LAW) as Record<'table' | 'runbook', Record<string, string[]>>;
const scratch: string[] = [];

afterEach(() => {
  for (const folder of scratch.splice(0)) rmSync(folder, { recursive: true });
});

function cruise(cwd: string): { code: number | null; output: string } {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--config', LAW, 'src'], {
    cwd,
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

/** A checkout in small, of the given files. */
function checkoutOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-architecture-'));
  scratch.push(folder);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "module": "nodenext" } }');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test('the folders of src are those of the import table', () => {
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map((entry) => entry.name).toSorted()).toEqual(Object.keys(table).toSorted());
});

test('the folders of the runbook compiler are those of its table, and lead down', () => {
  const entries = readdirSync(join(ROOT, 'src/compile/runbook'), { withFileTypes: true });
  const order = Object.keys(runbook);
  expect(entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted()).toEqual(order.toSorted());
  expect(entries.map(({ name }) => name).filter((name) => /(?<!\.test)\.ts$/.test(name))).toEqual(['runbook.ts']);
  for (const [at, folder] of order.entries())
    expect(order.slice(0, at)).toEqual(expect.arrayContaining(runbook[folder] ?? []));
});

test('beside the folders src holds the two entries only', () => {
  const files = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isFile());
  expect(['library.ts', 'main.ts']).toEqual(expect.arrayContaining(files.map((entry) => entry.name)));
});

test('src keeps the import table', () => {
  const { code, output } = cruise(ROOT);
  expect(code, output).toBe(0);
});

test('a stage that imports another stage is refused, with what to do instead', () => {
  const folder = checkoutOf({
    'src/record/chain.ts': 'export const chain = 1;\n',
    'src/verify/judge.ts': "import { chain } from '../record/chain.js';\nexport const judge = chain;\n",
  });
  const { code, output } = cruise(folder);
  expect(code).not.toBe(0);
  expect(output).toContain('rank-verify');
  expect(output).toContain('src/verify/judge.ts');
});

test('a cycle of types alone is refused', () => {
  const folder = checkoutOf({
    'src/ir/a.ts': "import type { B } from './b.js';\nexport interface A { b: B }\n",
    'src/ir/b.ts': "import type { A } from './a.js';\nexport interface B { a: A }\n",
  });
  const { code, output } = cruise(folder);
  expect(code).not.toBe(0);
  expect(output).toContain('no-cycle');
});
