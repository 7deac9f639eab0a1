import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';

/** Parts that need a newer Node: what is not installed below test/parts is skipped, and says so. */
const config = mergeConfig(base, { test: { testTimeout: 120_000 } });
config.test = { ...config.test, include: ['test/parts/**/*.part.ts'] };
export default config;
