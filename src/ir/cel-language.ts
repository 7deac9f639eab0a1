/**
 * What of CEL is available, by name. Left out: `cel.bind` (doubling without end), time zones, durations and bytes
 * (slow on hostile text, and no JSON form). Dates are ISO 8601 text, which compares as it should.
 */
export const FUNCTIONS: ReadonlySet<string> = new Set(['bool', 'double', 'dyn', 'has', 'int', 'size', 'string']);

export const METHODS: ReadonlySet<string> = new Set([
  'contains',
  'endsWith',
  'indexOf',
  'join',
  'lastIndexOf',
  'lowerAscii',
  'matches',
  'size',
  'split',
  'startsWith',
  'substring',
  'trim',
  'upperAscii',
]);

/** Loops over a list, or over the keys of an object. */
export const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/** The variables of the scope. `outputs` is the seeds' word for `output`. */
export const VARIABLES = [
  'inputs',
  'steps',
  'secrets',
  'env',
  'run',
  'item',
  'index',
  'output',
  'outputs',
  'step',
] as const;
export type Variable = (typeof VARIABLES)[number];

/** What `run` has. What is in `run.target` is the plan's own affair. */
export const RUN_FIELDS = ['id', 'planDigest', 'startedAt', 'requestedBy', 'target', 'title'] as const;
export type RunField = (typeof RUN_FIELDS)[number];

export const LIMITS = {
  /** Characters of one expression. */
  length: 4000,
  /** Nodes of its syntax tree. */
  nodes: 500,
  depth: 50,
  /** Loops inside each other. */
  loops: 2,
  /** What one evaluation may spend: an element visited is 1, 256 characters read or written 1, a call ¼. */
  steps: 100_000,
} as const;
