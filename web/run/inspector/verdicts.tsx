import { VERDICT_WORDS } from '#ir/verdict.js';
import { Command } from '../../ui/copy.js';
import { shortDigest, shortRun } from '../../ui/format.js';
import { askerText } from '../../ui/names.js';
import { verdictShown } from '../../ui/state.js';
import { StateIcon } from '../../ui/state-icon.js';
import type { Attempt, Verdict } from '../data.js';
import pane from './inspector.module.css';
import type { PaneProps } from './pane-props.js';
import { Values } from './values.js';
import styles from './verdicts.module.css';

const EXIT_CODE_ONLY = VERDICT_WORDS[2];

/** What each verifier saw before and after, and what that is worth; verdicts of earlier attempts below. */
export function Verdicts({ run, detail }: PaneProps) {
  const attempts = detail.attempts.toReversed();
  const [last, ...earlier] = attempts;
  if (!last) return <Waiting detail={detail} />;
  const superseded = earlier.filter(({ verdicts }) => verdicts.length > 0);
  return (
    <>
      <ul>
        {last.verdicts.map((verdict) => (
          <One key={verdict.id} verdict={verdict} />
        ))}
        {last.verdicts.length === 0 && <Bare attempt={last} />}
        {last.baseline.map(({ id, state, summary }) => (
          <li key={id} className={styles['verdict']}>
            <StateIcon shown={{ look: 'queued', word: 'not judged yet' }} />
            <p className={styles['name']}>
              <code>{id}</code>
            </p>
            <p className={styles['word']}>not judged yet</p>
            <dl className={styles['looks']}>
              <dt>before</dt>
              <dd>
                {summary} <span className="dim">({state})</span>
              </dd>
            </dl>
          </li>
        ))}
        {superseded.flatMap((attempt) =>
          attempt.verdicts.map((verdict) => (
            <One key={`${attempt.attempt} ${verdict.id}`} verdict={verdict} superseded={attempt.attempt} />
          )),
        )}
      </ul>
      <div className={pane['section']}>
        <h3>Check it yourself</h3>
        <Command text={`npx opsroom proofs ${shortRun(run.runId)} --out proof.json && npx opsroom verify proof.json`} />
      </div>
    </>
  );
}

function Waiting({ detail }: { detail: PaneProps['detail'] }) {
  if (detail.verifiers.length === 0)
    return <p className={pane['none']}>No verifier looks at this step: its exit code will be all there is.</p>;
  return (
    <>
      <p className={pane['none']}>It was not begun. These will judge it:</p>
      <div className={pane['section']}>
        <Values value={Object.fromEntries(detail.verifiers.map(({ id, config }) => [id, config]))} />
      </div>
    </>
  );
}

/** A step without verifiers rests on what its tool said. */
function Bare({ attempt }: { attempt: Attempt }) {
  const { status, word, person, reusedFrom } = attempt;
  if (reusedFrom) return <li className={pane['none']}>Its verdicts are those of the run it was taken over from.</li>;
  if (person)
    return (
      <li className={pane['none']}>
        {askerText(person.by)} said so: “{person.reason}” Nothing was checked.
      </li>
    );
  if (status === 'done' && word === EXIT_CODE_ONLY)
    return (
      <li className={`${styles['verdict']} q-exit`}>
        <StateIcon shown={verdictShown(EXIT_CODE_ONLY)} />
        <p className={styles['name']}>the tool itself</p>
        <p className={styles['word']}>{EXIT_CODE_ONLY}</p>
        <p className={styles['looks']}>It ended without an error. Nothing else was checked.</p>
      </li>
    );
  return (
    <li className={pane['none']}>
      No verifier has judged it{status === 'failed' ? ': its tool failed before' : ' yet'}.
    </li>
  );
}

function One({ verdict, superseded }: { verdict: Verdict; superseded?: number }) {
  const { id, kind, required, word, before, after, passed } = verdict;
  const shown = verdictShown(word);
  return (
    <li className={`${styles['verdict']} q-${shown.look}`}>
      <StateIcon shown={shown} />
      <p className={styles['name']}>
        <code>{id}</code>{' '}
        <span className="dim">
          {kind}, {required ? 'required' : passed ? 'optional' : 'optional: it only warns'}
          {superseded !== undefined && `, attempt ${superseded}`}
        </span>
      </p>
      <p className={styles['word']}>{word}</p>
      <dl className={styles['looks']}>
        <dt>before</dt>
        <dd>{before === null ? <span className="dim">nobody looked</span> : before.summary}</dd>
        <dt>after</dt>
        <dd>{after.summary}</dd>
      </dl>
      <p className={styles['basis']}>{basisOf(verdict)}</p>
      <Evidence look={after} name="Evidence" />
      {before !== null && before.evidence !== null && <Evidence look={before} name="Evidence from before" />}
    </li>
  );
}

/** Why the word is what it is. */
function basisOf({ passed, basis, before }: Verdict): string {
  if (!passed) return '';
  if (basis === 'failed-before') return 'It failed before the step and passes since.';
  if (basis === 'names-effect') return 'What it found names this very run.';
  return before?.state === 'passed'
    ? 'It passed before the step too.'
    : 'Nobody knows whether it passed before the step.';
}

function Evidence({ look, name }: { look: Verdict['after']; name: string }) {
  const { evidence, evidenceDigest } = look;
  return (
    <details className={styles['evidence']}>
      <summary>
        {name} {evidenceDigest && <code className="dim">sha256:{shortDigest(evidenceDigest)}</code>}
      </summary>
      {evidence === null ? (
        <p className="dim">It is too large for a page, or there is none.</p>
      ) : (
        <Values value={evidence} />
      )}
    </details>
  );
}
