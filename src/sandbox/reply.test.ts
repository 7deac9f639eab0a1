import { expect, test } from 'vitest';
import { readableBody } from './reply.js';

const read = (type: string | undefined, body: Buffer | string, truncated = false) =>
  readableBody({
    headers: type === undefined ? {} : { 'content-type': type },
    body: Buffer.from(body as string),
    truncated,
  });

test.each(['application/json', 'application/json; charset=utf-8', 'application/problem+json', 'text/json'])(
  '%s is parsed',
  (type) => {
    expect(read(type, '{"a":1}')).toEqual({ body: { a: 1 }, bodyEncoding: 'json' });
  },
);

test('json that is broken or cut off stays text', () => {
  expect(read('application/json', '{"a":')).toEqual({ body: '{"a":', bodyEncoding: 'text' });
  expect(read('application/json', '[1]', true)).toEqual({ body: '[1]', bodyEncoding: 'text' });
});

test('text by its charset, binary as base64', () => {
  expect(read('text/plain', '{"a":1}')).toEqual({ body: '{"a":1}', bodyEncoding: 'text' });
  expect(read('text/plain; charset=iso-8859-1', Buffer.from([0xe9]))).toEqual({ body: 'é', bodyEncoding: 'text' });
  expect(read('image/png', Buffer.from([0x89, 0xff]))).toEqual({ body: 'if8=', bodyEncoding: 'base64' });
  expect(read('text/plain; charset=nonsense', Buffer.from([0x41]))).toEqual({ body: 'QQ==', bodyEncoding: 'base64' });
  expect(read(undefined, '')).toEqual({ body: '', bodyEncoding: 'text' });
});
