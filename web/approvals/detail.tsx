import { Link } from '@tanstack/react-router';
import { type ReactNode, type Ref, useEffect, useRef, useState } from 'react';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { InputForm } from '../ui/input-form/input-form.js';
import { fieldsOf, inputsOf, type Typed, typedFrom } from '../ui/input-form/inputs.js';
import { askerText, targetText } from '../ui/names.js';
import { Refusal } from '../ui/refusal.js';
import { State, StateIcon } from '../ui/state-icon.js';
import { Time } from '../ui/time.js';
import { visible } from '../ui/visible.js';
import { WhyAsked } from './asked.js';
import { BoundTo } from './bound.js';
import { Box } from './box.js';
import { Changes } from './changes.js';
import { useIntent } from './data.js';
import { Decide } from './decide.js';
import styles from './detail.module.css';
import type { ListName } from './list.js';
import type { IntentDetail } from './model.js';
import { History, Said } from './past.js';
import { Arguments, WhatWillHappen } from './steps.js';
import { formFields, heldUpWords, isOpen, statusShown, voidWords } from './words.js';

interface Props {
  /** Its id. */
  intent: string;
  /** `1 of 3`, in the list. */
  place: string | undefined;
  list: ListName;
  /** Somebody has decided: it leaves the list, and stays in sight. */
  onDecide: () => void;
}

/** One intent with all that it takes to decide, and the decision always in reach. */
export function Detail({ intent: id, place, list, onDecide }: Props) {
  const { data: intent, error } = useIntent(id);
  const back = (
    <Link to="/approvals" search={list === 'open' ? {} : { list }} className={styles['back']}>
      ‹ Approvals{place && `, ${place}`}
    </Link>
  );
  const standing = useFocusAfterwards(intent && isOpen(intent));
  if (intent && isOpen(intent)) return <Open intent={intent} back={back} onDecide={onDecide} />;
  return (
    <div className={styles['scroll']}>
      {back}
      {error && <Refusal error={error} />}
      {intent && <Told intent={intent} standing={standing} />}
      {!intent && !error && <p className={styles['quiet']}>Reading …</p>}
    </div>
  );
}

/** What one decided with is gone then, and the focus with it: it goes on to what has become of it. */
function useFocusAfterwards(open: boolean | undefined): Ref<HTMLOutputElement> {
  const standing = useRef<HTMLOutputElement>(null);
  const before = useRef(open);
  useEffect(() => {
    if (before.current === true && open === false && document.activeElement === document.body)
      standing.current?.focus();
    before.current = open;
  }, [open]);
  return standing;
}

/** One that can be decided, with what policy wants filled in. */
function Open({ intent, back, onDecide }: { intent: IntentDetail; back: ReactNode; onDecide: () => void }) {
  const { forms, form } = intent;
  const fields = formFields(forms.map(({ schema }) => fieldsOf(schema as JsonValue)));
  const [typed, setTyped] = useState<Typed>(() => typedFrom(fields, form as JsonObject));
  const { inputs, wrong } = inputsOf(fields, typed);
  const asked = fields.length > 0;
  return (
    <>
      <div className={styles['scroll']}>
        {back}
        <Told intent={intent}>
          {asked && (
            <Box title="To fill in" note={`for ${forms.map(({ policy }) => visible(policy)).join(', ')}`} padded>
              <InputForm fields={fields} typed={typed} wrong={wrong} onType={setTyped} />
            </Box>
          )}
        </Told>
      </div>
      <Decide
        intent={intent}
        onDecide={onDecide}
        {...(asked && { form: inputs })}
        missing={Object.keys(wrong).length > 0 ? 'Fill in what policy asks for.' : undefined}
      />
    </>
  );
}

interface ToldProps {
  intent: IntentDetail;
  /** Where it stands, once it is over. */
  standing?: Ref<HTMLOutputElement>;
  children?: ReactNode;
}

function Told({ intent, standing, children }: ToldProps) {
  return (
    <>
      <Head intent={intent} />
      <Standing intent={intent} output={standing} />
      <div className={styles['columns']}>
        <div>
          {children}
          <WhatWillHappen intent={intent} />
          <Changes diff={intent.diff} />
          <Arguments steps={intent.steps} />
        </div>
        <div>
          <WhyAsked intent={intent} />
          <Said {...intent} />
          <BoundTo intent={intent} />
          <History history={intent.history} />
        </div>
      </div>
    </>
  );
}

function Head({ intent }: { intent: IntentDetail }) {
  const { title, createdAt, proposer, shortId, intent: words, reason, target } = intent;
  return (
    <header className={styles['head']}>
      <h2>{visible(title)}</h2>
      <p className="mut">
        <span className="mono">{askerText(proposer.by, proposer.agent)}</span> proposes to run this on{' '}
        <span className="mono">{targetText(target) || 'no named target'}</span>
        {words !== title && (
          <>
            , as <span className="mono">{visible(words)}</span>
          </>
        )}
        . Asked <Time at={createdAt} seconds /> by <span className="mono">{visible(proposer.by)}</span>. Intent{' '}
        <span className="mono">{shortId}</span>.
      </p>
      {reason !== '' && <p className={styles['reason']}>“{visible(reason)}”</p>}
    </header>
  );
}

/** What has become of it, and that it has become void before anybody decides. */
function Standing({ intent, output }: { intent: IntentDetail; output: Ref<HTMLOutputElement> | undefined }) {
  const { status, word, runId, startsAt, supersededBy } = intent;
  const why = voidWords(intent);
  if (why !== undefined)
    return (
      <div className={`${styles['standing']} q-failed`} role="alert">
        <StateIcon shown={{ look: 'failed', word: 'void' }} />
        <p>
          <b>It has become void: {why}.</b> An approval would not start it. Whoever wants it proposes it anew.
        </p>
      </div>
    );
  const held = heldUpWords(intent);
  if (held !== undefined)
    return (
      <div className={`${styles['standing']} q-failed`} role="alert">
        <StateIcon shown={{ look: 'unknown', word: 'held up' }} />
        <p>
          <b>The policies cannot be used.</b> {held}
        </p>
      </div>
    );
  if (status === 'waiting') return null;
  const shown = statusShown(intent);
  return (
    <output ref={output} tabIndex={-1} className={`${styles['standing']} q-${shown.look}`}>
      <State shown={shown} />
      {word !== '' && word !== shown.word && <span>{visible(word)}</span>}
      {status === 'approved' && startsAt !== null && (
        <span>
          It begins at <Time at={startsAt} />.
        </span>
      )}
      {runId !== null && status !== 'approved' && (
        <Link to="/runs/$run" params={{ run: runId }} className="link">
          Open the run <span className="mono">{runId.slice(-8)}</span>
        </Link>
      )}
      {supersededBy !== null && (
        <Link to="/approvals" search={{ intent: supersededBy }} className="link">
          Open the newer one
        </Link>
      )}
    </output>
  );
}
