import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLogger, type LogLevel } from './log.js';
import { createMask } from './redact.js';

function logged(level: LogLevel, secrets: Record<string, string>, use: (log: ReturnType<typeof createLogger>) => void) {
  const file = join(mkdtempSync(join(tmpdir(), 'opsroom-log-')), 'deep', 'opsroom.log');
  use(createLogger({ level, destination: { file }, mask: createMask(new Map(Object.entries(secrets))) }));
  const text = readFileSync(file, 'utf8');
  return {
    file,
    text,
    lines: text
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  };
}

test('writes JSON lines with level, ISO time with its zone, fields and message; a child adds its own', () => {
  const { file, lines } = logged('info', {}, (log) => {
    log.debug({}, 'left out');
    log.child({ run: 'r1' }).warn({ step: 's' }, 'slow');
  });
  expect(lines).toEqual([
    {
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      pid: process.pid,
      run: 'r1',
      step: 's',
      msg: 'slow',
    },
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('masks messages, fields, keys, numbers, bindings and stacks, and the line stays JSON', () => {
  const { text, lines } = logged('info', { TOKEN: 'he"llo\nworld', PIN: '271828' }, (log) => {
    log
      .child({ bound: 'he"llo\nworld' })
      .error({ pin: 271828, ['he"llo\nworld']: 1, err: new Error('no he"llo\nworld here') }, 'saw he"llo\nworld');
  });
  expect(text).not.toMatch(/world|271828/);
  expect(lines[0]).toMatchObject({
    bound: '‹secret:TOKEN›',
    pin: '‹secret:PIN›',
    '‹secret:TOKEN›': 1,
    msg: 'saw ‹secret:TOKEN›',
  });
});
