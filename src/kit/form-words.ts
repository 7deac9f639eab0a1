import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** How the messages begin that the library makes itself; any other was written by us, for a person. */
const OF_THE_LIBRARY = /^(Invalid|Too small|Too big|Unrecognized key)\b/;

const NOUNS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  date: 'a date',
  NaN: 'a number that is none',
};
const noun = (type: string): string => NOUNS[type] ?? type;

const FORMATS: Readonly<Record<string, string>> = {
  url: 'a URL',
  uuid: 'a UUID',
  email: 'an e-mail address',
  datetime: 'a date and time in ISO 8601',
  date: 'a date in ISO 8601',
  base64: 'base64',
};

/** What is counted in a thing that may be too small or too large. */
const UNITS: Readonly<Record<string, string>> = { string: 'character', array: 'entry', set: 'entry', map: 'entry' };

/**
 * What is wrong with a value, as a sentence without its full stop: `timeoutMs must be a whole number, not text`. Values
 * are never told, since they may be secret.
 *
 * @param subject what the value is called: `steps[0].timeoutMs`
 */
export function issueWords(subject: string, issue: Issue): string {
  const { message } = issue;
  if (/^(must|is|has)\b/.test(message)) return `${subject} ${message}`;
  if (!OF_THE_LIBRARY.test(message)) return `${subject}: ${message}`;
  return `${subject} ${predicate(issue)}`;
}

/** The same without a subject: `must be text`; a message of our own as it is. */
export function issuePredicate(issue: Issue): string {
  return OF_THE_LIBRARY.test(issue.message) ? predicate(issue) : issue.message;
}

function predicate(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return ofType(issue.expected, issue.message);
    case 'too_small':
      return ofSize('at least', issue.origin, { limit: issue.minimum, inclusive: issue.inclusive ?? true });
    case 'too_big':
      return ofSize('at most', issue.origin, { limit: issue.maximum, inclusive: issue.inclusive ?? true });
    case 'invalid_value':
      return `must be ${oneOf(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'invalid_format':
      return FORMATS[issue.format] === undefined ? 'has not the right form' : `must be ${FORMATS[issue.format]}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `has no field ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    case 'invalid_union':
      return unionWords(issue.errors);
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.map(issuePredicate).join('; ');
    default:
      return 'is not what is asked for';
  }
}

/** What came instead is known only from the library's message. */
function ofType(expected: string, message: string): string {
  const received = /received (\w+)/.exec(message)?.[1];
  if (received === 'undefined') return 'is missing';
  const instead = received === undefined || received === expected ? '' : `, not ${noun(received)}`;
  return `must be ${noun(expected)}${instead}`;
}

function ofSize(bound: string, origin: string, { limit, inclusive }: { limit: unknown; inclusive: boolean }): string {
  const unit = UNITS[origin];
  if (unit !== undefined) return `must have ${bound} ${plural(Number(limit), unit)}`;
  if (inclusive) return `must be ${bound} ${String(limit)}`;
  return `must be ${bound === 'at least' ? 'more' : 'less'} than ${String(limit)}`;
}

const plural = (count: number, unit: string): string =>
  count === 1 ? `1 ${unit}` : `${count} ${unit.replace(/y$/, 'ie')}s`;

function oneOf(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `one of ${values.join(', ')}`;
}

/** Every branch in its own words, each said once; what only lacks a field is told by that field: `needs one of "text", "value"`. */
export function unionWords(branches: readonly (readonly Issue[])[]): string {
  const firsts = branches.flatMap(firstIssues);
  const lacks = new Set<string>();
  const words = new Set<string>();
  for (const issue of firsts) {
    const field = issue.path.length === 0 ? '' : `"${issue.path.join('.')}" `;
    const said = issuePredicate(issue);
    if (field !== '' && said === 'is missing') lacks.add(field.trim());
    else words.add(`${field}${said}`);
  }
  const needs = lacks.size === 0 ? [] : [`needs ${lacks.size === 1 ? '' : 'one of '}${[...lacks].join(', ')}`];
  return [...needs, ...words].join(', or ') || 'fits none of the forms that are allowed';
}

/** Of a branch that is a union itself, those of its branches. */
function firstIssues([first]: readonly Issue[]): Issue[] {
  if (first?.code === 'invalid_union' && first.path.length === 0) return first.errors.flatMap(firstIssues);
  return first === undefined ? [] : [first];
}
