import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallContext, ToolResult } from '#ir/calls.js';
import { cleanText } from '#ir/clean.js';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { deadline } from '#sandbox/deadline.js';
import { safeUrl } from '#sandbox/urls.js';
import { createInside, workspaceFolder } from '#sandbox/workspace.js';
import { failed, parseArgs } from '../failure.js';
import { siteArgsSchema } from './args.js';
import { crawl } from './crawl.js';
import { report } from './report.js';
import { type Survey, surveyFile, surveyOf, tokensFile } from './survey.js';

/** Looks at a site and writes down what was found; see `siteTool`. */
export async function surveySite(raw: JsonObject, context: CallContext): Promise<ToolResult> {
  try {
    const args = parseArgs(siteArgsSchema, raw);
    const { url } = safeUrl(args.url, { schemes: { 'http:': 80, 'https:': 443 } });
    url.hash = '';
    const { allowAddresses, mayReach } = context;
    const signal = deadline(context.signal, context.timeoutMs);
    const log = (line: string) => context.log('out', Buffer.from(`${cleanText(line)}\n`));
    const crawled = await crawl(url.href, args, { allowAddresses, mayReach, signal, log });
    const found = surveyOf(context.id.runId, url.href, crawled);
    const files = await writeFiles(args.folder, found, context);
    return { ok: true, output: outputOf(found, files), artefacts: artefactsOf(files), isolation: 'none' };
  } catch (error) {
    return failed(error);
  }
}

interface Written {
  readonly path: string;
  readonly sha256: string;
}
type Files = Readonly<Record<'survey' | 'tokens' | 'report', Written>>;

async function writeFiles(folder: string, found: Survey, context: CallContext): Promise<Files> {
  await mkdir(join(context.workspace, folder), { recursive: true });
  // It may have been a link before; no file goes through one that leads outside.
  await workspaceFolder(context.workspace, folder);
  const json = (value: JsonObject) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    survey: await write(`${folder}/survey.json`, json(surveyFile(found)), context),
    tokens: await write(`${folder}/tokens.json`, json(tokensFile(found)), context),
    report: await write(`${folder}/report.md`, report(found), context),
  };
}

async function write(path: string, text: string, context: CallContext): Promise<Written> {
  const clean = cleanText(text);
  if (context.holdsSecret(clean))
    throw new OpsroomError('OUTPUT_REFUSED', {
      what: 'The site shows a secret of this room: what was found is not written down',
    });
  const arrival = await createInside(context.workspace, path);
  try {
    await arrival.file.writeFile(clean);
    await arrival.keep();
  } finally {
    await arrival.drop();
  }
  return { path, sha256: createHash('sha256').update(clean).digest('hex') };
}

const artefactsOf = (files: Files) => Object.entries(files).map(([name, { path }]) => ({ name, path }));

function outputOf({ run, crawled, tokens, components, entities }: Survey, files: Files): JsonObject {
  return {
    run,
    pages: crawled.pages.length,
    skipped: crawled.skipped.length,
    bytes: crawled.bytes,
    unfinished: [...crawled.unfinished],
    tokens: tokens.length,
    components: components.map(({ name }) => name),
    entities: entities.map(({ name }) => name),
    files: Object.fromEntries(Object.entries(files).map(([name, file]) => [name, { ...file }])),
  };
}
