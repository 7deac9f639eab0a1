import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { openOutput } from './output.js';

const refusing = (code: string) =>
  new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });

const printedTo = (code: string) => {
  const output = openOutput(refusing(code), new PassThrough(), false);
  output.print('a bundle');
  return output;
};

test('a disk that is full is told, and is no success', async () => {
  await expect(printedTo('ENOSPC').written()).rejects.toMatchObject({ code: 'DISK_FULL' });
});

test('a reader that has read enough is no failure', async () => {
  const output = printedTo('EPIPE');
  await output.written();
  expect(output.gone.aborted).toBe(true);
});
