import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { clock, count, day, fullTime } from '../ui/format.js';
import { Refusal } from '../ui/refusal.js';
import { Segmented } from '../ui/segmented.js';
import { State } from '../ui/state-icon.js';
import { TextField } from '../ui/text-field.js';
import { visible } from '../ui/visible.js';
import styles from './audit.module.css';
import { AuditEntryDialog } from './audit-entry.js';
import {
  type AuditEntry,
  aboutText,
  exportPath,
  type Filter,
  filterOf,
  outcomeShown,
  VIEWS,
  type View,
} from './audit-words.js';
import { Part } from './part.js';
import table from './settings.module.css';

/** Who did or asked what: looked at, checked in this browser, taken along. */
export function Audit() {
  const [view, setView] = useState<View>('all');
  const [actor, setActor] = useState('');
  const [open, setOpen] = useState<number>();
  const asker = useDeferredValue(actor.trim());
  const filter: Filter = { ...filterOf(view), ...(asker === '' ? {} : { actor: asker }) };
  const list = useInfiniteQuery({
    queryKey: ['audit', filter],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before }) => {
      const query = { ...filter, ...(before === undefined ? {} : { before }) };
      return read(api.GET('/v1/audit', { params: { query } }));
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Part title="Audit log" about={aboutLog(list.data?.pages[0]?.size)} action={<Export filter={filter} />}>
      <div className={styles['filters']}>
        <Segmented label="Which entries" value={view} options={VIEWS} onChange={setView} />
        <TextField label="Who asked" placeholder="key:gpt" value={actor} onText={setActor} maxLength={300} />
      </div>
      {list.error && <Refusal error={list.error} />}
      {list.data && entries.length === 0 && <p className="mut">There are no such entries.</p>}
      {entries.length > 0 && <EntryTable entries={entries} onOpen={setOpen} />}
      {list.hasNextPage && (
        <div>
          <Button why={list.isFetchingNextPage ? 'They come.' : undefined} onClick={() => void list.fetchNextPage()}>
            Older entries
          </Button>
        </div>
      )}
      {open !== undefined && <AuditEntryDialog seq={open} onClose={() => setOpen(undefined)} />}
    </Part>
  );
}

const aboutLog = (size: number | undefined): string =>
  size === undefined
    ? 'Whatever was done or asked here.'
    : `${count(size)} entries, none of which can be changed unseen.`;

/** Files of what the table shows, so they are links; the room names them. */
function Export({ filter }: { filter: Filter }) {
  return (
    <span className={styles['export']}>
      <a className="link" href={exportPath('csv', filter)} download>
        Export as CSV
      </a>
      <a className="link" href={exportPath('json', filter)} download>
        Export as JSON
      </a>
    </span>
  );
}

function EntryTable({ entries, onOpen }: { entries: readonly AuditEntry[]; onOpen: (seq: number) => void }) {
  return (
    <div className={table['scroll']}>
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col" className={table['spare']}>
              Who
            </th>
            <th scope="col" className={`${table['wide']} ${table['spare']}`}>
              About
            </th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <EntryRow key={entry.seq} entry={entry} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function EntryRow({ entry, onOpen }: { entry: AuditEntry; onOpen: (seq: number) => void }) {
  const { seq, at, kind, actor, source } = entry;
  const outcome = outcomeShown(entry);
  const about = aboutText(entry);
  const moment = new Date(at);
  return (
    <tr>
      <td className={styles['when']}>
        <time dateTime={at} title={fullTime(moment)}>
          {day(moment)} {clock(moment)}
        </time>
      </td>
      <td className={styles['what']}>
        <button type="button" className={`link ${styles['open']}`} title={visible(kind)} onClick={() => onOpen(seq)}>
          {visible(kind)}
        </button>
        {source === 'external' && <span className={styles['external']}>an agent’s note</span>}
        <span className={styles['who']}>{visible(actor)}</span>
      </td>
      <td className={table['spare']}>{visible(actor)}</td>
      <td className={`${table['wide']} ${table['spare']}`} title={about}>
        {about}
      </td>
      <td>{outcome ? <State shown={outcome} /> : <span className="dim">–</span>}</td>
    </tr>
  );
}
