import type { ChainRecord, ProofBody } from '#ir/proof.js';
import { recordHash } from '../../src/record/chain.js';
import type { SigningKey } from '../../src/record/dsse.js';
import { type Bundle, type Statement, signStatement } from '../../src/record/statement.js';
import { recordAfter } from './sample.js';

/** A statement with something wrong in it, and where it must be found. */
export interface Tampered {
  readonly name: string;
  readonly statement: Statement;
  /** The check that must fail. */
  readonly check: string;
  /** The record that must be named. */
  readonly seq?: number;
}

const chainOf = (statement: Statement) => statement.predicate.chain as ChainRecord[];

function withChain(statement: Statement, chain: readonly unknown[]): Statement {
  return { ...statement, predicate: { ...statement.predicate, chain: [...chain] } };
}

/** Somebody who cannot count: every record altered, rehashed alone, dropped, swapped, and the chain cut short everywhere. */
export function clumsy(statement: Statement): Tampered[] {
  const chain = chainOf(statement);
  return chain.flatMap((record, i): Tampered[] => {
    const late = { ...record, at: '2031-01-01T00:00:00.000Z' };
    const next = chain[i + 1];
    const cases: Tampered[] = [
      { name: `record ${i} altered`, statement: withChain(statement, chain.with(i, late)), check: 'chain', seq: i },
      {
        name: `record ${i} altered and hashed anew`,
        statement: withChain(statement, chain.with(i, { ...late, hash: recordHash(late) })),
        check: 'chain',
        seq: i,
      },
      { name: `record ${i} dropped`, statement: withChain(statement, chain.toSpliced(i, 1)), check: 'chain', seq: i },
      { name: `cut before record ${i}`, statement: withChain(statement, chain.slice(0, i)), check: 'chain', seq: i },
      {
        name: `record ${i} of another run`,
        statement: withChain(statement, chain.with(i, { ...record, run: '019b7d00-0000-7000-8000-00000000ffff' })),
        check: 'chain',
        seq: i,
      },
    ];
    if (next === undefined) return cases;
    const swapped = chain.with(i, next).with(i + 1, record);
    return [
      ...cases,
      { name: `records ${i} and ${i + 1} swapped`, statement: withChain(statement, swapped), check: 'chain', seq: i },
    ];
  });
}

/** Somebody who hashes the whole chain anew from record `seq` on, and mends the sealed head. */
export function rewritten(statement: Statement, seq: number, change: (body: ProofBody) => ProofBody): Statement {
  const chain: ChainRecord[] = [];
  for (const record of chainOf(statement)) {
    const body = record.seq === seq ? change(record.body) : record.body;
    chain.push(recordAfter(chain.at(-1), record.run, new Date(record.at), body));
  }
  const last = chain.at(-1) as ChainRecord;
  const forged = withChain(statement, chain);
  return { ...forged, predicate: { ...forged.predicate, head: { seq: last.seq, hash: last.hash } } };
}

/** Puts a changed statement into a bundle whose signature is for the old one. */
export function slipIn(bundle: Bundle, statement: Statement): Bundle {
  const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
  return { ...bundle, envelope: { ...bundle.envelope, payload } };
}

/** Signs a changed statement with one's own key, and encloses that key. */
export function signAs(key: SigningKey, bundle: Bundle, statement: Statement): Bundle {
  return { ...bundle, envelope: signStatement(statement, key), publicKey: key.publicKeyPem };
}

const OTHER = 'f'.repeat(64);

/** Lies that only the rules find: the chain is whole, the head fits, the signature is valid. [record, found at]: those of DEPLOY. */
export function liesAbout(deploy: Statement): Tampered[] {
  const lie = (name: string, check: string, [seq, found]: readonly [number, number], change: object): Tampered => ({
    name,
    statement: rewritten(deploy, seq, (body) => ({ ...body, ...change })),
    check,
    seq: found,
  });
  return [
    lie('another plan', 'genesis', [0, 0], { planDigest: OTHER }),
    lie('another requester', 'genesis', [0, 0], { requestedBy: 'user:mallory' }),
    lie('another target', 'genesis', [0, 0], { targetDigest: OTHER }),
    lie('a failed attempt is called proven', 'words', [1, 1], { word: 'proven' }),
    lie('a failed attempt is called done', 'words', [1, 1], { outcome: 'done', word: 'exit code only' }),
    lie('proven without a failed baseline', 'words', [2, 2], { baseline: { state: 'passed' } }),
    lie('a passing verdict turned to failed', 'words', [2, 3], { passed: false, proven: false, basis: 'none' }),
    lie('a required verdict made optional', 'words', [2, 3], { required: false }),
    lie('a check that held before is called proof', 'words', [6, 6], { proven: true, basis: 'failed-before' }),
    lie('proven on no basis', 'words', [6, 6], { proven: true }),
    lie('a step that holds is called proven', 'words', [7, 7], { word: 'proven' }),
    lie('an exit code is called proven', 'words', [8, 8], { word: 'proven' }),
    lie('a step that the plan does not have', 'words', [8, 8], { step: 'extra' }),
    lie('an item is weaker than its sum', 'words', [12, 13], { outcome: 'failed', word: 'failed' }),
    lie('a skipped step is called proven', 'words', [14, 14], { word: 'proven' }),
    lie('success over a step that failed', 'words', [14, 15], { outcome: 'failed', word: 'failed' }),
    lie('the run claims more than its steps', 'words', [15, 15], { word: 'proven' }),
    lie('the run ended otherwise', 'end', [15, 15], { status: 'failed' }),
  ];
}
