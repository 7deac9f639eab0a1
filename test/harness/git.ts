import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs git as Ada, in UTC. @returns what it printed, without the blanks around it */
export function git(cwd: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@octo.example', '-c', 'init.defaultBranch=main'];
  const env = { ...process.env, TZ: 'UTC' };
  return execFileSync('git', [...who, ...args], { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** A bare repository with, on `main`, a program that has a fault (`sum.sh`) and the test that finds it (`test.sh`). */
export function plantFault(folder: string, bare: string): void {
  mkdirSync(bare, { recursive: true });
  git(bare, 'init', '-q', '--bare');
  git(folder, 'clone', '-q', bare, 'seed');
  const seed = join(folder, 'seed');
  writeFileSync(join(seed, 'sum.sh'), 'echo $(($1 - $2))\n');
  writeFileSync(join(seed, 'test.sh'), 'test "$(sh sum.sh 2 3)" = 5\n');
  git(seed, 'add', '-A');
  git(seed, 'commit', '-q', '-m', 'Begin');
  git(seed, 'push', '-q', 'origin', 'HEAD:refs/heads/main');
}
