import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRobots } from './robots.js';

const allows = (text: string, ...paths: string[]) => paths.map((path) => readRobots(text, 'opsroom').allows(path));

test('the longest rule counts, and allowing among equals', () => {
  const text = 'User-agent: *\nDisallow: /shop\nAllow: /shop/open\nDisallow: /x\nAllow: /x\nDisallow:\n';
  expect(allows(text, '/', '/shop', '/shop/open/1', '/x')).toEqual([true, false, true, true]);
});

test('a group of our own stands in the place of the one for all; several names may share one', () => {
  const text = 'User-agent: *\nDisallow: /\n\nuser-AGENT: other\nUser-Agent: OpsRoom # us\nDisallow: /no # not here\n';
  expect(allows(text, '/', '/no/1')).toEqual([true, false]);
});

test('stars and ends', () => {
  const text = 'User-agent: *\nDisallow: /*.php$\nDisallow: /a*b*c\nDisallow: /end$\n';
  expect(allows(text, '/x.php', '/x.php?1', '/a1b2c3', '/acb', '/end', '/ending')).toEqual([
    false,
    true,
    false,
    true,
    false,
    true,
  ]);
});

test('what is no robots.txt forbids nothing, and nothing takes for ever', () => {
  expect(allows('<html>', '/')).toEqual([true]);
  expect(allows(`User-agent: *\nDisallow: /${'a*'.repeat(240)}a$`, `/${'a'.repeat(2000)}b`)).toEqual([true]);
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      (text, path) => typeof readRobots(text, 'opsroom').allows(path) === 'boolean',
    ),
  );
});
