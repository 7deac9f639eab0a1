import { canonicalJson } from '#ir/digest.js';
import type { JsonValue } from '#ir/json.js';
import type { ChainRecord } from '#ir/proof.js';
import { preAuthEncoding } from '../../src/record/dsse.js';
import { type Bundle, PAYLOAD_TYPE } from '../../src/record/statement.js';
import {
  ATTACKER,
  bundleOf,
  chainOf,
  DEPLOY,
  INSTALLATION,
  ROLLED_BACK,
  statementOf,
  withInclusion,
} from './sample.js';
import { clumsy, liesAbout, signAs, slipIn } from './tamper.js';

const deployChain = chainOf(DEPLOY.run.id, DEPLOY.bodies);
export const deploy = statementOf(DEPLOY, deployChain);
export const rolledBack = statementOf(ROLLED_BACK, chainOf(ROLLED_BACK.run.id, ROLLED_BACK.bodies));
export const deployBundle: Bundle = withInclusion(bundleOf(deploy), deploy);
export const rolledBackBundle: Bundle = bundleOf(rolledBack);

export interface TamperedVector {
  readonly name: string;
  readonly check: string;
  readonly seq: number | null;
  readonly bundle: Bundle;
}

/** One of each kind; test/e2e/bundle.test.ts tries them on every record. */
export function tamperedVectors(): TamperedVector[] {
  const plain = bundleOf(rolledBack);
  const chosen = clumsy(rolledBack).filter(({ name }) => / 5( |$)/.test(name));
  const slipped = chosen.map((t) => ({ ...t, bundle: slipIn(plain, t.statement) }));
  const resigned = chosen.map((t) => ({
    ...t,
    name: `${t.name}, signed anew`,
    bundle: signAs(ATTACKER, plain, t.statement),
  }));
  const lies = liesAbout(deploy).map((t) => ({
    ...t,
    name: `${t.name}, signed anew`,
    bundle: signAs(ATTACKER, bundleOf(deploy), t.statement),
  }));
  const foreign = {
    name: 'the audit entry of another run',
    check: 'inclusion',
    bundle: { ...plain, inclusion: deployBundle.inclusion } as Bundle,
  };
  const other = {
    name: 'the enclosed key replaced',
    check: 'signature',
    bundle: { ...plain, publicKey: ATTACKER.publicKeyPem },
  };
  const all: (Omit<TamperedVector, 'seq'> & { seq?: number })[] = [
    ...slipped,
    ...resigned,
    ...lies.slice(4, 7),
    foreign,
    other,
  ];
  return all.map((t) => ({
    name: t.name,
    check: t.check,
    seq: t.seq ?? null,
    bundle: t.bundle,
  }));
}

/** The steps of the format, each with its bytes, for whoever writes another implementation. */
export function formatVectors() {
  const [genesis, step] = deployChain as [ChainRecord, ChainRecord];
  const { hash: _, ...open } = genesis;
  return {
    canonical: { value: DEPLOY.evidence[4] ?? null, text: canonicalJson(DEPLOY.evidence[4] ?? null) },
    genesis: { hashed: canonicalJson(open as JsonValue), record: genesis },
    next: step,
    preAuthEncoding: preAuthEncoding(PAYLOAD_TYPE, Buffer.from('{"hello":"world"}')).toString('utf8'),
    keyid: INSTALLATION.keyid,
    publicKey: INSTALLATION.publicKeyPem,
  };
}
