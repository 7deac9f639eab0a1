import { InvalidArgumentError } from 'commander';

/** For options that count something. */
export function atLeastOne(text: string): number {
  return wholeNumber(text, 1, 1_000_000);
}

/** For options that measure something and may say none of it: seconds, minutes. */
export function zeroOrMore(text: string): number {
  return wholeNumber(text, 0, 1_000_000);
}

/** For `--port`; 0 takes any that is free. */
export function portNumber(text: string): number {
  return wholeNumber(text, 0, 65_535);
}

export const MOST_LISTED = 1000;

/** For `--limit`. */
export function listLimit(text: string): number {
  return wholeNumber(text, 1, MOST_LISTED);
}

function wholeNumber(text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
}
