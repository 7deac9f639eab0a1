import { expect, test } from 'vitest';
import { fireText, localText, zones } from './schedule-words.js';

test('a time is shown as clocks of its zone show it, with how far that is from UTC', () => {
  expect(localText('2026-10-25T02:30+02:00')).toBe('2026-10-25 02:30 (+02:00)');
  expect(localText('2026-01-01T00:00-03:30')).toBe('2026-01-01 00:00 (-03:30)');
});

test('one row may stand for many times', () => {
  expect(fireText({ state: 'missed', times: 12 })).toBe('missed ×12');
  expect(fireText({ state: 'started', times: 1 })).toBe('started');
});

test('UTC is among the zones', () => {
  expect(zones()).toContain('UTC');
  expect(zones()).toContain('Europe/Berlin');
});
