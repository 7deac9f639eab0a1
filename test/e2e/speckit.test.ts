import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placeCluster } from '#db/place.js';
import { Cli } from '../harness/cli.js';
import { removeCluster } from '../harness/cluster.js';
import { verifies } from '../harness/requirements.js';

const TASKS = `# Tasks: Bookshop

## Phase 1: Setup
- [x] T001 Create README.md
- [ ] T002 Create src/shop.txt with $(touch pwned) "and" \`quotes\`

## Phase 2: User Story 1 - Search
- [ ] T003 [P] [US1] Create src/search.txt
- [ ] T004 [P] [US1] Create src/index.txt (depends on T002)
`;
/** Does a task: writes each file that it names, with what it was told. */
const DOER = `for file in $OPSROOM_TASK_FILES; do mkdir -p "$(dirname "$file")"; cat > "$file"; printf '%s' "$OPSROOM_TASK_ID" > "$file.id"; done\n`;

interface Failure {
  error: { code: string };
}

let folder: string;
let cli: Cli;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-speckit-'));
  cli = new Cli(folder, { OPSROOM_HOME: join(folder, 'home') });
  await mkdir(join(folder, 'specs/001-shop'), { recursive: true });
  await mkdir(join(folder, '.specify/memory'), { recursive: true });
  await writeFile(join(folder, '.specify/memory/constitution.md'), '# Principles\n');
  await writeFile(join(folder, 'specs/001-shop/tasks.md'), TASKS);
  await writeFile(join(folder, 'do.sh'), DOER);
});

afterAll(async () => {
  await removeCluster(await placeCluster(join(folder, 'home')));
  await rm(folder, { recursive: true, force: true });
});

test(verifies('COMPILE-02', 'a folder compiles, and each task is explained with its line and its rule'), async () => {
  const shown = await cli.call('compile', 'specs/001-shop', '--explain');
  expect(shown).toMatchObject({ code: 0 });
  expect(shown.stdout).toContain('specs/001-shop/tasks.md:5');
  expect(shown.stdout).toContain('[done]');
  const view = (await cli.call('compile', '.', '--json')).json<{ steps: { id: string; dependsOn: string[] }[] }>();
  expect(view.steps.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ['T002', []],
    ['T003', ['T002']],
    ['T004', ['T002']],
  ]);
  const unseen = await cli.call('run', '.', '--json');
  expect(unseen.code).toBe(2);
  expect(unseen.json<Failure>().error.code).toBe('SPECKIT_UNSEEN');
});

test(verifies('COMPILE-02', 'a program does each task, gets it as data, and its files prove it'), async () => {
  const ran = await cli.call('run', 'specs/001-shop', '--with', 'sh do.sh', '--seen');
  expect(ran).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, 'src/shop.txt'), 'utf8')).toContain('$(touch pwned) "and" `quotes`');
  expect(await readFile(join(folder, 'src/search.txt'), 'utf8')).toContain('.specify/memory/constitution.md');
  expect(await readFile(join(folder, 'src/index.txt.id'), 'utf8')).toBe('T004');
  await expect(readFile(join(folder, 'pwned'))).rejects.toThrow('ENOENT');
}, 60_000);

test(verifies('COMPILE-02', 'a task whose files were not made has failed, whatever the program says'), async () => {
  await rm(join(folder, 'src'), { recursive: true, force: true });
  const ran = await cli.call('run', 'specs/001-shop', '--with', 'true', '--seen');
  expect(ran.code).not.toBe(0);
  expect(ran.stdout + ran.stderr).toContain('src/shop.txt does not exist');
}, 60_000);

test(verifies('PLAN-08', 'the same list goes elsewhere'), async () => {
  const brief = await cli.call('export', 'specs/001-shop', '--to', 'claude-code');
  expect(brief).toMatchObject({ code: 0 });
  expect(brief.stdout).toContain('T003');
  const workflow = await cli.call('export', '.', '--to', 'github-actions', '--with', 'sh do.sh', '--out', 'out/x.yml');
  expect(workflow).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, 'out/x.yml'), 'utf8')).toContain('run: printf \'%s\' "$OPSROOM_STDIN" |');
});
