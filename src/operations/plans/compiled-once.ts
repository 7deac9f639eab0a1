import { createHash } from 'node:crypto';
import { mayPass, OpsroomError } from '#kit/errors.js';
import type { MadeContracts } from '../made-contracts.js';
import type { AnyCompiled } from './compiled.js';
import { compileGiven, type PlanGiven } from './input.js';

type TextGiven = Extract<PlanGiven, { readonly text: string }>;

/** More than the templates and plan files of a room that are listed; the one that was asked for longest ago goes first. */
const MOST_KEPT = 800;

/** By the contracts that they were compiled with: those of a room live as long as it does. */
const kept = new WeakMap<MadeContracts, Map<string, Promise<AnyCompiled>>>();

/**
 * What `compileGiven` says of a plan file, compiled once for each version of its text: lists ask for all of them each time.
 * A text that may use skills is compiled anew, for what it becomes depends on other files.
 * @throws as `compileGiven`
 */
export function compiledOnce(given: TextGiven, contracts: MadeContracts): Promise<AnyCompiled> {
  if (/skill/.test(given.text)) return compileGiven(given, contracts);
  const known = kept.get(contracts) ?? new Map<string, Promise<AnyCompiled>>();
  kept.set(contracts, known);
  const key = digestOf(given);
  const compiled = known.get(key) ?? compileGiven(given, contracts);
  compiled.catch((error: unknown) => isOfTheMoment(error) && known.delete(key));
  known.delete(key);
  known.set(key, compiled);
  const oldest = known.size > MOST_KEPT ? known.keys().next().value : undefined;
  if (oldest !== undefined) known.delete(oldest);
  return compiled;
}

/** That others are compiled, or that a thread has ended, says nothing of the text. */
const isOfTheMoment = (error: unknown): boolean => error instanceof OpsroomError && mayPass(error);

const digestOf = (given: TextGiven): string => createHash('sha256').update(JSON.stringify(given)).digest('base64');
