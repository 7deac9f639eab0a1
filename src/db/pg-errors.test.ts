import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { dbError, isCertainlyNotCommitted } from './pg-errors.js';

function fromServer(code: string, severity = 'ERROR'): DatabaseError {
  const error = new DatabaseError('said the server', 15, 'error');
  error.code = code;
  error.severity = severity;
  return error;
}

const network = (code: string) => Object.assign(new Error(code), { code });

test.each([
  ['53100', 'DISK_FULL'],
  ['57P01', 'DATABASE_UNREACHABLE'],
  ['08006', 'DATABASE_UNREACHABLE'],
  ['53300', 'DATABASE_UNREACHABLE'],
  ['28P01', 'DATABASE_UNREACHABLE'],
  ['23505', 'DATABASE_FAILED'],
  ['42501', 'DATABASE_FAILED'],
])('SQLSTATE %s is %s', (code, expected) => {
  expect(dbError(fromServer(code)).code).toBe(expected);
});

test.each(['ECONNREFUSED', 'EPIPE', 'ENOTFOUND'])('%s is DATABASE_UNREACHABLE', (code) => {
  expect(dbError(network(code)).code).toBe('DATABASE_UNREACHABLE');
});

test.each(['22P05', '23505', '40001', '53100', '42P01'])('an ERROR %s has not been committed', (code) => {
  expect(isCertainlyNotCommitted(fromServer(code))).toBe(true);
});

test.each([
  ['the server shut down', fromServer('57P01', 'FATAL')],
  ['a shutdown reported as ERROR', fromServer('57P02')],
  ['class 08', fromServer('08007')],
  ['statement completion unknown', fromServer('40003')],
  ['a panic', fromServer('XX000', 'PANIC')],
  ['a broken pipe, whose code has five letters too', network('EPIPE')],
  ['a connection that ended', new Error('Connection terminated unexpectedly')],
])('the outcome is unknown after %s', (_, error) => {
  expect(isCertainlyNotCommitted(error)).toBe(false);
});
