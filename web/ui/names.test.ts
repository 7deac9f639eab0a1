import { expect, test } from 'vitest';
import { askerText, targetText } from './names.js';

test('who asked is named as people say it, whatever hides in the name', () => {
  expect([askerText('key:gpt-ops', 'gpt'), askerText('user:ada@here'), askerText('key:ci')]).toEqual([
    'gpt',
    'ada',
    'key:ci',
  ]);
  expect(askerText('person:mara@tidewater.example')).toBe('mara@tidewater.example');
  expect(askerText('key:\u202Eic')).toBe('key:‹U+202E›ic');
});

test('a target is named from the app down; lists are none of its names', () => {
  expect(targetText({ environment: 'staging', app: 'shop' })).toBe('shop/staging');
  expect(targetText({ host: 'web-1', port: 2 })).toBe('web-1/2');
  expect(targetText({ environment: 'pro\u202Ed', allowAddresses: ['10.0.0.1'] })).toBe('pro‹U+202E›d');
  expect(targetText({})).toBe('');
});
