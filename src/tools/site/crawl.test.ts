import type { OutgoingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { startHttpServer } from '../../../test/harness/http-server.js';
import { crawl } from './crawl.js';

const LIMITS = { maxPages: 5, maxBytes: 4 * 1024 * 1024, maxMs: 20_000, pageMs: 5000 };
const RULES = 'User-agent: *\nDisallow: /private\n';

/** What is surveyed of a site of two pages, whose robots.txt is answered so; each path as `[status, headers, body]`. */
async function surveyed(answers: Record<string, [number, OutgoingHttpHeaders, string]>): Promise<string[]> {
  const site = await startHttpServer((request, response) => {
    const page: [number, OutgoingHttpHeaders, string] = [200, { 'content-type': 'application/json' }, '{}'];
    const [status, headers, body] = answers[request.url ?? ''] ?? page;
    asked.push(request.url ?? '');
    response.writeHead(status, headers).end(body);
  });
  const asked: string[] = [];
  const reach = {
    allowAddresses: ['127.0.0.1'],
    mayReach: undefined,
    signal: new AbortController().signal,
    log: () => undefined,
  };
  try {
    await crawl(`${site.url}/private`, LIMITS, reach);
    return asked;
  } finally {
    await site.close();
  }
}

const to = (location: string): [number, OutgoingHttpHeaders, string] => [301, { location }, ''];

test('rules that are moved within the site hold', async () => {
  const answers = { '/robots.txt': to('/rules'), '/rules': [200, {}, RULES] as [number, OutgoingHttpHeaders, string] };
  await expect(surveyed(answers)).rejects.toThrow('not for robots');
});

test.each<[string, [number, OutgoingHttpHeaders, string]]>([
  ['another site', to('http://127.0.0.2:1/robots.txt')],
  ['themselves', to('/robots.txt')],
  ['nowhere', [302, {}, '']],
])('rules that lead to %s cannot be read: nothing is looked at', async (_, answer) => {
  await expect(surveyed({ '/robots.txt': answer })).rejects.toThrow('not for robots');
});

test('rules that are too long to be read whole forbid all', async () => {
  const long = `User-agent: *\n${'#'.repeat(1024 * 1024)}\nDisallow: /private\n`;
  await expect(surveyed({ '/robots.txt': [200, {}, long] })).rejects.toThrow('not for robots');
});

test('where there are none, all may be looked at', async () => {
  expect(await surveyed({ '/robots.txt': [404, {}, 'no'] })).toEqual(['/robots.txt', '/private']);
});
