import { expect, test } from 'vitest';
import { makeSecret, secretBytes, signatureHeader, signatureOf, signaturesIn } from './standard-webhooks.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
/** Of the specification's reference libraries. */
const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', body: '{"test": 2432232314}' };
const signature = 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

test('the reference libraries’ message has their signature, as text and as bytes', () => {
  expect(signatureHeader(signatureOf(secret, message))).toBe(`v1,${signature}`);
  const body = Buffer.from(message.body);
  expect(signatureOf(secret, { ...message, body }).toString('base64')).toBe(signature);
});

test('a secret is the base64 after its prefix, or what somebody gave as it stands', () => {
  expect(secretBytes(makeSecret(Buffer.from([1, 2, 250])))).toEqual(Buffer.from([1, 2, 250]));
  expect(secretBytes('as it stands')).toEqual(Buffer.from('as it stands'));
});

test('a header is read as far as it may be, and what is no signature is none', () => {
  const header = `v1a,AAAA v1,${signature} nonsense v1,AAAA`;
  expect(signaturesIn(header, 3).map((one) => one.toString('base64'))).toEqual(['', signature, '']);
});
