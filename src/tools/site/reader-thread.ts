// Reads a stranger's pages and stylesheets where time and memory end, and where a long one holds up nobody else.
import { parentPort } from 'node:worker_threads';
import type { EntitySaid } from './entities.js';
import { jsonFindings, type PageFindings, pageFindings } from './page.js';
import { type SheetFindings, sheetFindings } from './sheet.js';

export interface Job {
  readonly kind: 'page' | 'sheet' | 'json';
  readonly text: string;
  readonly url: string;
}

export interface Answers {
  readonly page: PageFindings;
  readonly sheet: SheetFindings;
  readonly json: readonly EntitySaid[];
}

function answer({ kind, text, url }: Job): Answers[Job['kind']] {
  if (kind === 'page') return pageFindings(text, url);
  return kind === 'sheet' ? sheetFindings(text) : jsonFindings(text, url);
}

parentPort?.on('message', (job: Job) => {
  try {
    parentPort?.postMessage({ found: answer(job) });
  } catch (error) {
    parentPort?.postMessage({ failed: error instanceof Error ? error.name : 'Error' });
  }
});
