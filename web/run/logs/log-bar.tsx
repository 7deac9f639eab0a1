import { useState } from 'react';
import { api, read } from '../../api/client.js';
import { asProblem } from '../../api/problem.js';
import { Button } from '../../ui/button.js';
import { count } from '../../ui/format.js';
import { toast } from '../../ui/toast.js';
import type { Attempt } from '../data.js';
import styles from './log-pane.module.css';
import type { LogKey } from './use-log.js';

interface Props {
  logKey: LogKey;
  attempts: readonly Attempt[];
  onAttempt: (attempt: number) => void;
  wanted: string;
  onWanted: (text: string) => void;
  /** The lines that hold what is wanted; undefined while nobody knows. */
  found: { readonly found: readonly number[]; readonly truncated: boolean } | undefined;
  line: number | undefined;
  onLine: (line: number | undefined) => void;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
  /** Undefined: nothing comes any more. */
  follow: boolean | undefined;
  onFollow: (follow: boolean) => void;
}

/** Search, and how the log is shown. */
export function LogBar(props: Props) {
  const { logKey, attempts, onAttempt, wrap, onWrap, follow, onFollow, onLine } = props;
  return (
    <div className={styles['bar']}>
      {attempts.length > 1 && (
        <select aria-label="Attempt" value={logKey.attempt} onChange={({ target }) => onAttempt(Number(target.value))}>
          {attempts.map(({ attempt, status }) => (
            <option key={attempt} value={attempt}>
              attempt {attempt}, {status}
            </option>
          ))}
        </select>
      )}
      <Search {...props} />
      <Button look="bare" aria-pressed={wrap} onClick={() => onWrap(!wrap)}>
        Wrap
      </Button>
      {follow !== undefined && (
        <Button look="bare" aria-pressed={follow} onClick={() => onFollow(!follow)}>
          Follow
        </Button>
      )}
      <FirstError logKey={logKey} onLine={onLine} />
      <a className={styles['download']} href={downloadOf(logKey)} download>
        Download
      </a>
    </div>
  );
}

function downloadOf({ run, ...query }: LogKey): string {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return `/v1/runs/${run}/logs/text?${text.toString()}`;
}

function Search({ wanted, onWanted, found, line, onLine }: Props) {
  const lines = found?.found ?? [];
  const at = lines.indexOf(line ?? -1);
  const go = (by: number) => {
    const next = at >= 0 ? (at + by + lines.length) % lines.length : nearest(lines, line ?? 0, by);
    if (lines.length > 0) onLine(lines[next]);
  };
  return (
    <>
      <input
        type="search"
        className={styles['search']}
        aria-label="Search the log"
        placeholder="Search"
        value={wanted}
        onChange={({ target }) => onWanted(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          go(event.shiftKey ? -1 : 1);
        }}
      />
      {wanted.trim() !== '' && (
        <span className={styles['found']} role="status">
          {lines.length === 0
            ? found
              ? 'none'
              : '…'
            : `${at >= 0 ? count(at + 1) : '–'} / ${count(lines.length)}${found?.truncated ? '+' : ''}`}
          <button type="button" aria-label="Line before that holds it" onClick={() => go(-1)}>
            ↑
          </button>
          <button type="button" aria-label="Next line that holds it" onClick={() => go(1)}>
            ↓
          </button>
        </span>
      )}
    </>
  );
}

/** The next hit from where the reader is, in the direction asked for. */
function nearest(lines: readonly number[], line: number, by: number): number {
  const after = lines.findIndex((number) => number >= line);
  if (by > 0) return after < 0 ? 0 : after;
  return after <= 0 ? lines.length - 1 : after - 1;
}

function FirstError({ logKey: { run, ...query }, onLine }: Pick<Props, 'logKey' | 'onLine'>) {
  const [looking, setLooking] = useState(false);
  const look = async () => {
    setLooking(true);
    try {
      const { found } = await read(api.GET('/v1/runs/{run}/logs/search', { params: { path: { run }, query } }));
      if (found[0] === undefined) toast('No line of this log reads like an error.');
      else onLine(found[0]);
    } catch (error) {
      toast.error(asProblem(error).what);
    } finally {
      setLooking(false);
    }
  };
  return (
    <Button look="bare" disabled={looking} onClick={() => void look()}>
      First error
    </Button>
  );
}
