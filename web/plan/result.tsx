import { useMemo } from 'react';
import { groupsOf } from '#ir/groups.js';
import { CopyButton } from '../ui/copy.js';
import { Dag } from '../ui/dag/dag.js';
import { counted, shortDigest } from '../ui/format.js';
import { Compare } from './compare.js';
import { type Compiled, metadataOf, stepOf, undoingStep } from './compiled.js';
import { type Draft, isTaskList } from './draft.js';
import { ExportIt } from './export-it.js';
import { LeftOut } from './left-out.js';
import { isLeftOut } from './marks.js';
import styles from './page.module.css';
import { RunIt, type RunSettings } from './run-it.js';
import { StepDetail } from './step-detail.js';

interface Props {
  draft: Draft;
  compiled: Compiled;
  selected: string | undefined;
  onSelect: (step: string) => void;
  onLine: (line: number) => void;
  settings: RunSettings;
  onSettings: (settings: RunSettings) => void;
}

/** What the text became. */
export function Result({ draft, compiled, selected, onSelect, onLine, settings, onSettings }: Props) {
  const { title, digest, steps, warnings, needs, explanation } = compiled;
  const step = stepOf(compiled, selected ?? steps[0]?.id);
  const place = steps.find(({ id }) => id === step?.id)?.place;
  const metadata = metadataOf(compiled);
  const groups = useMemo(() => groupsOf(metadata), [metadata]);
  return (
    <>
      <section className={styles['section']} aria-label="Plan">
        <h2>
          {title} <span className="label">{counted(steps.length, 'step')}</span>
        </h2>
        <p className={styles['digest']}>
          <span className="dim">digest</span> <code title={digest}>{shortDigest(digest)}</code>
          <CopyButton text={digest} what="the digest" />
        </p>
        {[...warnings, ...(explanation?.warnings ?? []).filter((text) => !warnings.includes(text))].map((text) => (
          <p key={text} className={styles['warning']}>
            {text}
          </p>
        ))}
        {needs.secrets.length > 0 && (
          <p>
            <span className="dim">Secrets it reads:</span> <code>{needs.secrets.join(', ')}</code>
          </p>
        )}
        {needs.env.length > 0 && (
          <p>
            <span className="dim">Environment it reads:</span> <code>{needs.env.join(', ')}</code>
          </p>
        )}
      </section>
      <section className={styles['graph']} aria-label="Graph">
        <div className={styles['sub']}>
          <h2>Graph</h2>
        </div>
        <Dag steps={steps} metadata={metadata} selected={step?.id} onSelect={onSelect} />
      </section>
      {step && (
        <StepDetail
          step={step}
          undoing={undoingStep(compiled, step.id)}
          line={place?.line}
          beside={place && besideOf(place.file, draft)}
          group={groups.get(step.id)}
          origin={draft.origins?.find((one) => one.step === step.id)}
          onLine={onLine}
        />
      )}
      {explanation && (
        <LeftOut
          tasks={isTaskList(draft.file)}
          leftOut={explanation.leftOut.filter(isLeftOut)}
          questions={explanation.questions}
          onLine={onLine}
        />
      )}
      <RunIt draft={draft} compiled={compiled} settings={settings} onSettings={onSettings} />
      <Compare draft={draft} />
      <ExportIt key={compiled.digest} draft={draft} />
    </>
  );
}

/** The name of the document that a line is of, when it was dropped beside the text that is shown. */
function besideOf(file: string, { beside = [] }: Draft): string | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return beside.some(({ path }) => path === name) ? name : undefined;
}
