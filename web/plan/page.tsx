import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type DragEvent, useDeferredValue, useState } from 'react';
import { api, read } from '../api/client.js';
import { Empty } from '../ui/empty.js';
import { Refusal } from '../ui/refusal.js';
import { Segmented } from '../ui/segmented.js';
import { type Draft, fileFor, isRunbook, isTaskList, keepDraft, keptDraft, planOf } from './draft.js';
import { Goal } from './goal.js';
import { marksOf } from './marks.js';
import { PlanNav } from './nav.js';
import { ACCEPTED } from './opened-files.js';
import styles from './page.module.css';
import { Result } from './result.js';
import { NO_SETTINGS } from './run-it.js';
import { Source } from './source.js';
import { Templates } from './templates.js';
import { useFiles } from './use-files.js';
import { WhoDoesIt } from './who-does-it.js';

const KINDS = [
  { value: 'runbook.md', text: 'Runbook' },
  { value: 'plan.yaml', text: 'Plan' },
  { value: 'tasks.md', text: 'Task list' },
] as const;

/** The Plan Viewer: what a text would become, before anything of it runs. */
export function PlanPage() {
  const navigate = useNavigate({ from: '/plan' });
  const { step } = useSearch({ from: '/room/plan' });
  const [draft, setDraft] = useState<Draft>(keptDraft);
  const [line, setLine] = useState<number>();
  const [refused, setRefused] = useState<string>();
  const [settings, setSettings] = useState(NO_SETTINGS);
  const given = useDeferredValue(draft);
  const { data, error, isFetching } = useQuery({
    queryKey: ['plan', given],
    queryFn: ({ signal }) => read(api.POST('/v1/plans/compile', { body: { plan: planOf(given) }, signal })),
    enabled: given.text.trim() !== '',
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const change = (next: Draft) => {
    setDraft(next);
    setRefused(undefined);
    keepDraft(next);
  };
  /** Another plan: what was said of a run of the one before is not meant for it. */
  const begin = (next: Draft) => {
    change(next);
    setSettings(NO_SETTINGS);
  };
  const select = (id: string) =>
    void navigate({ search: (before) => ({ ...before, step: id }), replace: true, resetScroll: false });
  const take = useFiles(begin, setRefused);
  const drop = (event: DragEvent) => {
    const files = [...event.dataTransfer.files];
    if (files.length === 0) return;
    event.preventDefault();
    void take(files);
  };
  const compiled = error || given.text.trim() === '' ? undefined : data;
  const marks = compiled?.explanation ? marksOf(compiled.explanation) : [];
  const chosen = compiled?.steps.some(({ id }) => id === step) ? step : undefined;
  return (
    <main className={styles['page']}>
      <header className={styles['head']}>
        <h1 className="vh">Plan</h1>
        <PlanNav />
        <Segmented
          label="How the text is read"
          value={isTaskList(draft.file) ? 'tasks.md' : isRunbook(draft.file) ? 'runbook.md' : 'plan.yaml'}
          options={KINDS}
          onChange={(file) => change({ ...draft, file })}
        />
        <span className="label cut">{[draft.file, ...(draft.beside ?? []).map(({ path }) => path)].join(', ')}</span>
        <span className="grow" />
        <output className="label">{isFetching ? 'Compiling …' : ''}</output>
        <label className={styles['open']}>
          Open a file
          <input
            type="file"
            className="vh"
            multiple
            accept={ACCEPTED}
            onChange={({ target }) => {
              void take([...(target.files ?? [])]);
              target.value = '';
            }}
          />
        </label>
      </header>
      <div className={styles['body']} onDrop={drop} onDragOver={allowFiles}>
        <Source
          text={draft.text}
          marks={marks}
          line={line}
          selected={chosen}
          onText={(text, anew) =>
            anew || draft.text.trim() === '' ? begin({ text, file: fileFor(text) }) : change({ ...draft, text })
          }
          onSelect={select}
        />
        <div className={styles['result']}>
          {refused && <p role="alert">{refused}</p>}
          {isTaskList(draft.file) && draft.text.trim() !== '' && (
            <WhoDoesIt doing={draft.doing} onDoing={(doing) => change({ ...draft, doing })} />
          )}
          {error && <Refusal error={error} onLine={setLine} />}
          {compiled && (
            <Result
              key={compiled.digest}
              draft={given}
              compiled={compiled}
              selected={chosen}
              onSelect={select}
              onLine={setLine}
              settings={settings}
              onSettings={setSettings}
            />
          )}
          {!error && !compiled && <Nothing />}
          {given.text.trim() === '' && <Goal onChoose={begin} />}
          {given.text.trim() === '' && <Templates onChoose={begin} />}
        </div>
      </div>
    </main>
  );
}

/** A browser that is not told so opens a dropped file in the page's place. */
function allowFiles(event: DragEvent): void {
  if (event.dataTransfer.types.includes('Files')) event.preventDefault();
}

function Nothing() {
  return (
    <Empty title="Nothing to compile yet" command="npx opsroom compile examples/first-run.md --explain">
      Put a runbook or a plan on the left. You see its steps, what proves each of them, what was left out and why.
      Nothing runs until you say so.
    </Empty>
  );
}
