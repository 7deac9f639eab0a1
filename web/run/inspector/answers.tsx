import { lazy, Suspense, useState } from 'react';
import { whyNotSettled } from '#ir/state.js';
import { Button } from '../../ui/button.js';
import { useCommands } from '../../ui/commands.js';
import type { Run } from '../data.js';
import { type Asked, WordDialog } from '../word-dialog.js';
import styles from './inspector.module.css';
import { guardedTitles, type Spoken } from './spoken.js';

// It checks forms with a library that nothing else of the page needs.
const AnswerDialog = lazy(async () => ({ default: (await import('../answer-dialog.js')).AnswerDialog }));

interface Props {
  run: Run;
  of: Spoken;
  /** What a manual step tells whoever does it. */
  instructions: string | undefined;
  /** Whether keys and the palette answer as well: of what is asked at the top of the page. */
  byKeys?: boolean;
}

/** Whether somebody may still say how it ended. */
export const isOpen = ({ status }: Pick<Spoken, 'status'>): boolean =>
  whyNotSettled(status) === undefined && status !== 'pending' && status !== 'cancelled';

/** The buttons for a person's word, each of which asks why before it says anything. */
export function Answers({ run, of, instructions, byKeys = false }: Props) {
  const { unit, waits, question, guards } = of;
  const [asked, setAsked] = useState<Asked>();
  const [answers, setAnswers] = useState(false);
  const allowed = (action: 'answer' | 'confirm' | 'resolve') =>
    run.actions.find((state) => state.action === action)?.why ?? undefined;
  const open = isOpen(of);
  const guarded = waits && guards.length > 0;
  const yes = () => (question ? setAnswers(true) : setAsked(guarded ? 'allow' : 'confirm'));
  const group = 'What you are asked';
  const word = question ? 'Answer' : guarded ? 'Yes, do it' : 'It is done';
  const no = { id: 'asked.no', text: 'No, leave it out', group, keys: 'n', why: allowed('resolve') };
  const commands = [
    { id: 'asked.yes', text: word, group, keys: 'y', why: allowed(question ? 'answer' : 'confirm'), run: yes },
    ...(guarded ? [{ ...no, run: () => setAsked('decline') }] : []),
  ];
  useCommands(byKeys && waits ? commands : []);
  return (
    <div className={styles['buttons']}>
      {(waits || question) && (
        <Button look="go" why={allowed(question ? 'answer' : 'confirm')} onClick={yes}>
          {word}
          {byKeys && <kbd aria-hidden="true">Y</kbd>}
        </Button>
      )}
      {open && guarded && (
        <Button why={allowed('resolve')} onClick={() => setAsked('decline')}>
          No, leave it out
          {byKeys && <kbd aria-hidden="true">N</kbd>}
        </Button>
      )}
      {open && !guarded && (
        <Button why={allowed('resolve')} onClick={() => setAsked('resolve')}>
          Say how it ended
        </Button>
      )}
      <Suspense>
        {answers && question && <AnswerDialog run={run.runId} question={question} onClose={() => setAnswers(false)} />}
      </Suspense>
      {asked && (
        <WordDialog
          run={run.runId}
          step={unit}
          asked={asked}
          guarded={guardedTitles(run.steps, of)}
          told={instructions}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}
