import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { ChainRecord } from '#ir/proof.js';
import { hasEnded } from '#ir/state.js';
import { count, shortDigest } from '../ui/format.js';
import { isSealed } from '../ui/sealed.js';
import { type Shown, stepShown } from '../ui/state.js';
import { StateIcon } from '../ui/state-icon.js';
import { chainQuery, type Run } from './data.js';
import styles from './proof-strip.module.css';

interface Props {
  run: Run;
  selected: string | undefined;
  onSelect: (step: string) => void;
}

/** As many links as a strip has room for; the latest. */
const SHOWN = 40;

/** The chain of proofs as far as it is written: one link per step that ended. Checked in the Proof Viewer. */
export function ProofStrip({ run, selected, onSelect }: Props) {
  const { data } = useQuery(chainQuery(run.runId));
  const chain = useRef<HTMLOListElement>(null);
  const hasRecords = data !== undefined && data.records.length > 0;
  // The latest links are what one looks for; those before them are to their left. Later ones leave the reader where they look.
  useEffect(() => {
    if (hasRecords && chain.current) chain.current.scrollLeft = chain.current.scrollWidth;
  }, [hasRecords]);
  if (!data) return <section className={styles['strip']} aria-label="Proof chain" />;
  // The records of the API are those of `ir/proof`: its document says so less exactly.
  const records = data.records as unknown as ChainRecord[];
  const steps = records.flatMap(({ seq, body }) => (body.type === 'step' && body.item < 0 ? [{ seq, body }] : []));
  const left = steps.length - SHOWN;
  const head = data.sealed?.head ?? records.at(-1)?.hash ?? '';
  return (
    <section className={styles['strip']} aria-label="Proof chain">
      <span className={styles['title']}>
        <b>Proof chain</b>{' '}
        <span className="mut">
          {data.more ? `more than ${count(records.length)}` : records.length}{' '}
          {records.length === 1 ? 'record' : 'records'}
        </span>
      </span>
      <ol className={styles['chain']} ref={chain} aria-label="Records">
        <li className={styles['word']}>plan</li>
        <li className={styles['word']}>inputs</li>
        {left > 0 && <li className={styles['word']}>{count(left)} steps</li>}
        {steps.slice(-SHOWN).map(({ seq, body }) => (
          <li key={seq} data-at={body.step === selected || undefined}>
            <button
              type="button"
              title={`record ${seq}: ${body.step}, attempt ${body.attempt}`}
              onClick={() => onSelect(body.step)}
            >
              <StateIcon shown={shownOf(body)} alone />
              <span className="vh">
                {' '}
                {body.step}, record {seq}
              </span>
            </button>
          </li>
        ))}
        {!hasEnded(run.status) && <li className={`${styles['word']} ${styles['next']}`}>next</li>}
      </ol>
      <span className={styles['head']}>
        <span className="label">head</span> <code title={head}>{shortDigest(head)}</code>
      </span>
      <span className="mut">
        {isSealed(data) ? 'sealed' : hasEnded(run.status) ? 'being sealed' : 'sealed when the run ends'}
      </span>
      <Link className={styles['link']} to="/runs/$run/proof" params={{ run: run.runId }}>
        Check the proof
      </Link>
    </section>
  );
}

function shownOf({ outcome, word }: Extract<ChainRecord['body'], { type: 'step' }>): Shown {
  return stepShown(outcome, word === '' ? null : word);
}
