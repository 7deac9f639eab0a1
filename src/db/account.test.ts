import { expect, test } from 'vitest';
import { parseAccount } from './account.js';

const PASSWD = `root:x:0:0:root:/root:/bin/bash
nobodyelse:x:7:7::/:/bin/false
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;

test('finds the ids of the very name', () => {
  expect(parseAccount(PASSWD, 'nobody')).toEqual({ uid: 65_534, gid: 65_534 });
  expect(parseAccount(PASSWD, 'someone')).toBeUndefined();
});

test('-2, as macOS writes nobody, is the largest but one', () => {
  expect(parseAccount('nobody:*:-2:-2::0:0:x:/:/bin/false', 'nobody')).toEqual({
    uid: 4_294_967_294,
    gid: 4_294_967_294,
  });
});

test('never root, whatever the file says', () => {
  expect(parseAccount('nobody:x:0:0::/:/bin/sh', 'nobody')).toBeUndefined();
});
