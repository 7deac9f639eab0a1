import { defineConfig } from 'vitest/config';
import { limits, setup, sources } from '../../vitest.config.js';

/** Parts that need a newer Node: what is not installed below test/parts is skipped, and says so. */
export default defineConfig({
  ...sources,
  environments: setup.environments,
  test: { ...limits, ...setup.test, testTimeout: 120_000, include: ['test/parts/**/*.part.ts'] },
});
