import { defineConfig } from 'vitest/config';

/** The sources run as they are, without a build. */
export const sources = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['opsroom-source', 'node'] } },
};
export const limits = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 20_000 } },
  pool: 'forks',
} as const;

/** Of those beside the code: what replaces a module for all that load it after, and what looks at the time or memory that its process takes. */
export const alone = ['src/compile/runbook/phrases.test.ts', 'src/kit/bounded.test.ts', 'src/compile/own-copy.test.ts'];

/** Once for all of them, in the process that hands out the files. */
export const setup = {
  environments: { __vitest__: { resolve: sources.ssr.resolve } },
  test: { globalSetup: ['test/harness/global-setup.ts'] },
};

export default defineConfig({
  environments: setup.environments,
  test: {
    ...setup.test,
    projects: [
      {
        // Beside what they test, and quick: they share a process, which loads each module once, a third of the time.
        ...sources,
        test: {
          ...limits,
          name: 'beside',
          include: ['src/**/*.test.ts', 'web/**/*.test.ts'],
          exclude: alone,
          isolate: false,
        },
      },
      // On real parts: each file in a process of its own, which takes with it what it started.
      { ...sources, test: { ...limits, name: 'apart', include: ['test/**/*.test.ts', ...alone] } },
    ],
  },
});
