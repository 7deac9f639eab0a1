import { expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import type { Step } from '#ir/plan.js';
import { builtIn } from '../contracts.js';
import { onlyLooks } from './only-looks.js';

const { tools } = builtIn().contracts;
const looks = (tool: string, action: string, args: JsonObject) =>
  onlyLooks({ tool, action, args } as unknown as Step, tools);

test.each(['diff -r a b', 'du -sh /srv', 'ls | head', 'cd /srv', 'psql -c "select 1; select 2"'])(
  'the script "%s" only looks',
  async (run) => {
    expect(await looks('shell', 'run', { run })).toBe(true);
  },
);

test.each(['diff -r a b > out', 'ls; rm a', './report.sh', '$LOOK', 'A=1', '', 'psql -c "select cron.unschedule(1)"'])(
  'of the script "%s" nobody knows that it does',
  async (run) => {
    expect(await looks('shell', 'run', { run })).toBe(false);
  },
);

test('of statements and requests, too', async () => {
  expect(await looks('sql', 'query', { query: 'select 1' })).toBe(true);
  expect(await looks('sql', 'execute', { query: 'select 1; select 2' })).toBe(true);
  expect(await looks('sql', 'execute', { query: 'select 1; delete from a' })).toBe(false);
  expect(await looks('http', 'request', { url: 'https://a.example/health' })).toBe(true);
  expect(await looks('http', 'request', { url: 'https://a.example/?action=restart' })).toBe(false);
  expect(await looks('http', 'request', { url: 'https://a.example/', method: 'POST' })).toBe(false);
  expect(await looks('shell', 'run', { command: ['ls'] })).toBe(false);
});
