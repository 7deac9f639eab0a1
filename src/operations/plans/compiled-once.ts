import { createHash } from 'node:crypto';
import type { Contracts } from '#compile/contracts.js';
import { type AnyCompiled, compileGiven, type PlanGiven } from './input.js';

type TextGiven = Extract<PlanGiven, { readonly text: string }>;

/** More than the templates and plan files of a room that are listed; the one that was asked for longest ago goes first. */
const MOST_KEPT = 800;

/** By the contracts that they were compiled with: those of a room live as long as it does. */
const kept = new WeakMap<Contracts, Map<string, Promise<AnyCompiled>>>();

/**
 * What `compileGiven` says of a plan file, compiled once for each version of its text: lists ask for all of them each time.
 * A text that may use skills is compiled anew, for what it becomes depends on other files.
 * @throws as `compileGiven`
 */
export function compiledOnce(given: TextGiven, contracts: Contracts): Promise<AnyCompiled> {
  if (/skill/.test(given.text)) return compileGiven(given, contracts);
  const known = kept.get(contracts) ?? new Map<string, Promise<AnyCompiled>>();
  kept.set(contracts, known);
  const key = digestOf(given);
  const compiled = known.get(key) ?? compileGiven(given, contracts);
  known.delete(key);
  known.set(key, compiled);
  const oldest = known.size > MOST_KEPT ? known.keys().next().value : undefined;
  if (oldest !== undefined) known.delete(oldest);
  return compiled;
}

const digestOf = (given: TextGiven): string => createHash('sha256').update(JSON.stringify(given)).digest('base64');
