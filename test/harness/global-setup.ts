import type { TestProject } from 'vitest/node';
import { makeRunFolder, removeAbandonedRuns, removeRunFolder } from './cluster.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where this run keeps its cluster, once a test asks for one. */
    runFolder: string;
  }
}

/** Runs once in vitest's main process. The cluster itself starts with the first test that needs it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandonedRuns();
  const runFolder = await makeRunFolder();
  project.provide('runFolder', runFolder);
  return () => removeRunFolder(runFolder);
}
