// A worker to be killed: starts one step after the other (argv: the command, how many), each with a background child.
import { startKeeper } from '#sandbox/keeper.js';
import { runProcess } from '#sandbox/process.js';

const [command = 'true', count = '1', level = 'none'] = process.argv.slice(2);
const keeper = startKeeper({ graceMs: 500 });
process.stdout.write('ready\n');

for (let step = 0; step < Number(count); step += 1) {
  void runProcess({
    argv: ['sh', '-c', `${command} & echo step; exec ${command}`],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    isolation: { level: level === 'bubblewrap' ? 'bubblewrap' : 'none', network: false, writable: [] },
    signal: new AbortController().signal,
    timeoutMs: 600_000,
    keeper,
    onOutput: (_stream, chunk) => void process.stdout.write(chunk),
  });
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
