import { Argument } from 'commander';
import { loadConfig } from '#kit/config.js';
import { createLogger } from '#observe/log.js';
import { createMask } from '#observe/redact.js';
import { openDemoRoom } from '#operations/demo.js';
import type { CommandModule } from '../command.js';
import { type CrashReport, crashDemo, LEASE_MS } from '../demo/crash.js';
import { duration } from '../format.js';
import type { Output } from '../output.js';
import { listenForStop } from '../stopping.js';

/** `opsroom demo crash`, in a room of its own that is gone afterwards. JSON: a CrashReport. Exit code 0 only when all held. */
export const command: CommandModule = {
  register: (command) => {
    command.addArgument(new Argument('<what>', 'what to show').choices(['crash']));
  },
  examples: ['demo crash'],
  run: async ({ output }) => {
    const config = loadConfig();
    const log = createLogger({ level: 'silent', destination: 'stderr', mask: createMask(config.secrets) });
    const stopping = listenForStop();
    output.note('A room of its own is made in a temporary folder …');
    const open = await openDemoRoom(config, LEASE_MS, log);
    try {
      const report = await crashDemo({ open, output, leave: stopping.asked });
      show(report, output);
      output.result(report);
      return report.ok ? 0 : 1;
    } finally {
      await open.discard();
      stopping.dispose();
    }
  },
};

function show(report: CrashReport, output: Output): void {
  const { colours } = output;
  const mark = (ok: boolean) => (ok ? colours.green('✓') : colours.red('✗'));
  const took = report.takeoverMs === null ? 'nobody took over' : `taken over ${duration(report.takeoverMs)} after it`;
  const again = report.begunAgain.length === 0 ? 'none' : report.begunAgain.join(', ');
  output.print(`${mark(report.tookOver !== null)} worker ${report.killed} was killed; ${took}`);
  output.print(`${mark(report.status === 'succeeded')} the run ${report.status}`);
  output.print(
    `${mark(report.wrong.length === 0)} ${report.steps} steps, ${report.effects} effects; steps begun again: ${again}`,
  );
  output.print(`${mark(report.proof === 'verified')} proof ${report.proof}`);
}
