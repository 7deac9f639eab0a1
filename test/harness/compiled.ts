import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Compiles folders of src/ and one program, with the files of test/ that it imports, into `folder`, for tests that need
 * processes of their own (to kill them). From the sources as they are now, not from dist/, which may be older. Returns the program's path.
 */
export async function compileProgram(folder: string, parts: readonly string[], program: string): Promise<string> {
  for (const part of parts) {
    for (const file of await readdir(join(root, 'src', part), { recursive: true })) {
      await compileFile(join(root, 'src', part, file), join(folder, 'src', part, file));
    }
  }
  await compileWithImports(program, folder, new Set());
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports: { '#*.js': './src/*.js' } }));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, program.replace(/\.ts$/, '.js'));
}

async function compileWithImports(file: string, folder: string, seen: Set<string>): Promise<void> {
  if (seen.has(file)) return;
  seen.add(file);
  await compileFile(join(root, file), join(folder, file));
  const text = await readFile(join(root, file), 'utf8');
  for (const [, imported = ''] of text.matchAll(/from '(\.[^']*)\.js'/g))
    await compileWithImports(join(dirname(file), `${imported}.ts`), folder, seen);
}

async function compileFile(from: string, to: string): Promise<void> {
  if (from.endsWith('.test.ts') || !/\.(ts|sql)$/.test(from)) return;
  await mkdir(dirname(to), { recursive: true });
  const text = await readFile(from, 'utf8');
  if (from.endsWith('.sql')) return writeFile(to, text);
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  const { outputText } = ts.transpileModule(text, { compilerOptions: options, fileName: relative(root, from) });
  await writeFile(to.replace(/\.ts$/, '.js'), outputText);
}
