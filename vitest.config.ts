import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['source'] },
  environments: { __vitest__: { resolve: { conditions: ['opsroom-source', 'node'] } } }, // the global setup's
  ssr: { resolve: { conditions: ['opsroom-source', 'node'] } },
  test: {
    include: ['src/**/*.test.ts', 'web/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    globalSetup: ['test/harness/global-setup.ts'],
  },
});
