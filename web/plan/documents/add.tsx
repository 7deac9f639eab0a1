import { Link, useNavigate } from '@tanstack/react-router';
import { type DragEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { Button } from '../../ui/button.js';
import { counted, size } from '../../ui/format.js';
import { Prose } from '../../ui/prose.js';
import { StateIcon } from '../../ui/state-icon.js';
import { TextField } from '../../ui/text-field.js';
import { Since } from '../../ui/time.js';
import { toast } from '../../ui/toast.js';
import { visible } from '../../ui/visible.js';
import type { Document } from './data.js';
import styles from './documents.module.css';
import { handedOver, takeHanded } from './handed.js';
import { type Reading, type Source, useReading } from './use-reading.js';

const ACCEPTED = '.pdf,.docx,.html,.htm,.md,.markdown,.txt,.png,.jpg,.jpeg';

/** Files by drop, choice or paste, and pages by their address; what is being read, and what became of it. */
export function AddDocuments({ why }: { why: string | undefined }) {
  const [url, setUrl] = useState('');
  const { readings, add, forget } = useReading();
  const files = (list: Iterable<File>) => why === undefined && add([...list].map((file): Source => ({ file })));
  usePaste(files, setUrl);
  const handed = useHanded(add);
  const drop = (event: DragEvent) => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    files(event.dataTransfer.files);
  };
  const lacking = why ?? (/^https?:\/\/\S+$/.test(url.trim()) ? undefined : 'Give an address: https://…');
  const take = () => {
    if (lacking !== undefined) return;
    add([{ url: url.trim() }]);
    setUrl('');
  };
  return (
    <div className={styles['add']} onDrop={drop} onDragOver={(event) => event.preventDefault()}>
      <p>
        Drop files here, paste a screenshot, or{' '}
        <label className={styles['choose']} data-barred={why !== undefined || undefined} title={why}>
          choose files
          <input
            type="file"
            className="vh"
            multiple
            accept={ACCEPTED}
            disabled={why !== undefined}
            onChange={({ target }) => {
              files(target.files ?? []);
              target.value = '';
            }}
          />
        </label>
        <span className={styles['accepted']}>PDF, Word, HTML, Markdown, PNG, JPEG; at most 20 MiB each</span>
      </p>
      <form
        className={styles['address']}
        onSubmit={(event) => {
          event.preventDefault();
          take();
        }}
      >
        <TextField
          label="Or the address of a page"
          inputMode="url"
          maxLength={2000}
          value={url}
          onText={setUrl}
          placeholder="https://example.com/how-to"
        />
        <Button why={lacking} onClick={take}>
          Read it
        </Button>
      </form>
      {handed !== undefined && (
        <p className={styles['handed']} role="status">
          {handed} from the Plan page: a document is read here first, and a plan is drafted from it.
        </p>
      )}
      <ul className={styles['readings']} aria-live="polite">
        {readings.map((reading) => (
          <ReadingLine key={reading.id} reading={reading} onForget={() => forget(reading.id)} />
        ))}
      </ul>
    </div>
  );
}

/** Reads what the Plan page was given. A single one is shown when it was read, unless its reader has gone elsewhere. */
function useHanded(add: ReturnType<typeof useReading>['add']): string | undefined {
  const [handed] = useState(handedOver);
  const isHere = useRef(true);
  const navigate = useNavigate();
  const begin = useEffectEvent(() => {
    const files = takeHanded();
    if (files.length === 0) return;
    const show = ({ documentId, name }: Document) => {
      if (files.length > 1 || !isHere.current) return;
      toast(`${visible(name)} was read. Draft a plan from it here.`);
      void navigate({ to: '/plan/documents', search: { document: documentId }, replace: true });
    };
    add(
      files.map((file) => ({ file })),
      show,
    );
  });
  useEffect(() => {
    isHere.current = true;
    begin();
    return () => {
      isHere.current = false;
    };
  }, []);
  return handed.length === 0 ? undefined : handed.map(({ name }) => visible(name)).join(', ');
}

/** Pictures and files that are pasted anywhere on the page; an address goes into its field. */
function usePaste(onFiles: (files: Iterable<File>) => unknown, onUrl: (url: string) => void): void {
  const paste = useEffectEvent((event: ClipboardEvent) => {
    const { files } = event.clipboardData ?? {};
    const text = event.clipboardData?.getData('text/plain').trim() ?? '';
    if (files !== undefined && files.length > 0) onFiles(files);
    else if (!(event.target instanceof HTMLInputElement) && /^https?:\/\/\S+$/.test(text)) onUrl(text);
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);
}

const SHOWN = {
  waits: { look: 'queued', word: 'waits' },
  reads: { look: 'running', word: 'is read' },
  done: { look: 'exit', word: 'was read' },
  refused: { look: 'failed', word: 'refused' },
} as const;

function ReadingLine({ reading, onForget }: { reading: Reading; onForget: () => void }) {
  const { name, bytes, state, since, document, error } = reading;
  const problem = error === undefined ? undefined : asProblem(error);
  return (
    <li>
      <span className={`q-${SHOWN[state].look}`}>
        <StateIcon shown={SHOWN[state]} alone />
      </span>
      <div>
        <p>
          {document ? (
            <Link to="/plan/documents" search={{ document: document.documentId }} className="link">
              {visible(document.name)}
            </Link>
          ) : (
            <span>{visible(name)}</span>
          )}{' '}
          <span className="mut">
            {state === 'done' && document ? `was read: ${counted(document.pages, 'page')}` : SHOWN[state].word}
            {bytes !== null && state !== 'done' && `, ${size(bytes)}`} {state === 'reads' && <Since at={since} />}
          </span>
        </p>
        {document?.flags.map((flag) => (
          <p key={flag} className="mut">
            {flag}
          </p>
        ))}
        {problem && (
          <p role="alert">
            {problem.what}{' '}
            <span className="mut">
              <Prose text={problem.mend} />
            </span>{' '}
            <Button look="bare" onClick={onForget}>
              Leave it
            </Button>
          </p>
        )}
      </div>
    </li>
  );
}
