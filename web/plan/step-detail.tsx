import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { StepGroup } from '#ir/groups.js';
import type { Undoing } from '#ir/undoing.js';
import { MARK_WORDS, MarkIcon } from '../ui/dag/mark-icon.js';
import { visible } from '../ui/visible.js';
import type { PlanStep } from './compiled.js';
import type { Origin } from './draft.js';
import styles from './page.module.css';

interface Props {
  step: PlanStep;
  undoing: readonly Undoing[];
  /** Where it stands in the source, from 1. */
  line: number | undefined;
  /** The document that the line is of, when it is not the text that is shown. */
  beside: string | undefined;
  /** Of a task list: its phase, its stories, whether a person looks there. */
  group: StepGroup | undefined;
  /** Of a draft: where it came from. */
  origin: Origin | undefined;
  onLine: (line: number) => void;
}

/** One step of a plan: what it calls and with what, what must hold before, what proves it, how it is undone. */
export function StepDetail({ step, undoing, line, beside, group, origin, onLine }: Props) {
  const { id, title, tool, kind, action, args, preconditions = [], verifiers = [] } = step;
  return (
    <section className={styles['section']} aria-label={`Step ${id}`}>
      <h2>
        {title} {title !== id && <code className="dim">{id}</code>}
      </h2>
      <p className="mut">
        {tool ?? kind} {action && action !== 'run' && action} {beside !== undefined && `${beside}, line ${line}`}
        {line !== undefined && beside === undefined && (
          <button type="button" className={styles['line']} onClick={() => onLine(line)}>
            line {line}
          </button>
        )}
      </p>
      {group && <Belongs group={group} />}
      {origin && (
        <Part name="Came from">
          <CameFrom origin={origin} />
        </Part>
      )}
      {step.if !== undefined && (
        <Part name="Only if">
          <code>{step.if}</code>
        </Part>
      )}
      {step.forEach !== undefined && (
        <Part name="For each">
          <Value value={step.forEach} />
        </Part>
      )}
      <Part name="Arguments">
        <Value value={args} />
      </Part>
      <Part name="Must hold before">
        {preconditions.length === 0 && <span className="dim">nothing</span>}
        {preconditions.map((one) =>
          typeof one === 'string' ? (
            <code key={one}>{one}</code>
          ) : (
            <div key={one.id}>
              <code>{one.id}</code> <span className="dim">{one.kind}</span>
              <Value value={one.config} />
            </div>
          ),
        )}
      </Part>
      <Part name="What proves it">
        {verifiers.length === 0 && (
          <span className="dim">
            {action === 'manual'
              ? 'nothing: it counts on the word of the person who does it'
              : 'nothing: its verdict will be “exit code only”'}
          </span>
        )}
        {verifiers.map(({ id: verifier, kind: of, required, config }) => (
          <div key={verifier}>
            <code>{verifier}</code> <span className="dim">{required === false ? `${of}, not required` : of}</span>
            <Value value={config} />
          </div>
        ))}
      </Part>
      <Part name="How it is undone">
        {undoing.length === 0 && <span className="dim">it is not: a rollback leaves its effect</span>}
        {undoing.map(({ owner, undo }) => (
          <div key={`${owner}/${undo.id}`}>
            <span>{undo.title}</span>{' '}
            {owner !== id && (
              <span className="dim">
                once, with <code>{owner}</code>
              </span>
            )}
            <Value value={undo.args} />
          </div>
        ))}
      </Part>
    </section>
  );
}

function Belongs({ group: { phase, stories, mark } }: { group: StepGroup }) {
  return (
    <>
      {mark && (
        <Part name="What it is">
          <MarkIcon mark={mark} /> {MARK_WORDS[mark]}
        </Part>
      )}
      {phase && <Part name="Phase">{phase}</Part>}
      {stories.length > 0 && <Part name={stories.length === 1 ? 'Story' : 'Stories'}>{stories.join(', ')}</Part>}
    </>
  );
}

function CameFrom({ origin: { words, document, line } }: { origin: Origin }) {
  if (document === undefined) return <span>{visible(words)}</span>;
  return (
    <Link to="/plan/documents" search={{ document, line: String(line ?? 1) }} className="link">
      {visible(words)}
    </Link>
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles['part']}>
      <h3>{name}</h3>
      <div>{children}</div>
    </div>
  );
}

/** Arguments as they are written; a script with its line breaks. */
function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0))
    return <span className="dim">none</span>;
  const entries = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [['', value] as const];
  return (
    <dl className={styles['value']}>
      {entries.map(([name, one]) => (
        <div key={name}>
          {name && <dt>{name}</dt>}
          <dd>{typeof one === 'string' ? one : JSON.stringify(one)}</dd>
        </div>
      ))}
    </dl>
  );
}
