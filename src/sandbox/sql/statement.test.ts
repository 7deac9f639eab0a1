import { expect, test } from 'vitest';
import { readingProblem } from './statement.js';

test.each([
  'select 1',
  '  (SELECT 1) union (select 2)',
  '-- first\n/* then */ with x as (select 1) table x',
  'select \'into outfile\', "copy", `x` -- into outfile',
  'explain select 1',
  'show tables',
  'select $$ into outfile $$',
])('reads: %s', (query) => {
  expect(readingProblem(query)).toBeUndefined();
});

test.each([
  '',
  'insert into t values (1)',
  "copy t to program 'true'",
  'begin not atomic commit; end',
  'do $$ begin end $$',
  'call p()',
  "select 1 into/**/outfile '/tmp/x'",
  'select 1 /*!50000 into outfile */',
  '/*M! delete from t */ select 1',
  'selection',
])('does not read: %s', (query) => {
  expect(readingProblem(query)).toEqual(expect.any(String));
});
