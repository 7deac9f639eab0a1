import { Link } from '@tanstack/react-router';
import { CopyButton } from '../ui/copy.js';
import { clock } from '../ui/format.js';
import { sentence } from '../ui/sentence.js';
import type { Look } from '../ui/state.js';
import { StateIcon } from '../ui/state-icon.js';
import { Since, Time } from '../ui/time.js';
import { unturned } from '../ui/visible.js';
import styles from './causes.module.css';
import type { Cause } from './model.js';

const LOOKS: Readonly<Record<Cause['code'], Look>> = {
  LANE_FULL: 'queued',
  NO_WORKER: 'parked',
  USER_LIMIT: 'queued',
  KEY_HELD: 'queued',
  PERSON: 'waiting',
};

/** Why work waits, a line for each cause: since when, what will end it, and where to go. */
export function Causes({ causes }: { causes: readonly Cause[] }) {
  if (causes.length === 0) return null;
  return (
    <ul className={styles['why']} aria-label="Why work waits">
      {causes.map((cause) => (
        <li key={`${cause.code} ${cause.title}`}>
          <StateIcon shown={{ look: LOOKS[cause.code], word: cause.title }} />
          <b>{cause.title}</b>
          <p>
            <span>{sentence(cause.what)}</span>
            {cause.since !== null && (
              <span>
                {cause.runs === 1 ? 'For' : 'The oldest for'} <Since at={cause.since} />.
              </span>
            )}
            {cause.lastBeatAt !== null && (
              <span>
                Last beat <Time at={cause.lastBeatAt} seconds />.
              </span>
            )}
            <Mend cause={cause} />
          </p>
          <Where cause={cause} />
        </li>
      ))}
    </ul>
  );
}

/** What will end it. */
function Mend({ cause }: { cause: Cause }) {
  if (cause.ends) {
    const { title, at } = cause.ends;
    return (
      <span>
        {unturned(title)} should free a place{at === null ? '' : ` at about ${clock(new Date(at)).slice(0, 5)}`}.
      </span>
    );
  }
  const [, before = '', command] = /^(.*?)(npx opsroom .*)$/.exec(cause.mend) ?? [];
  if (command === undefined) return <span>{cause.mend}</span>;
  return (
    <span className={styles['command']}>
      {before}
      <code>{command}</code>
      <CopyButton text={command} what={command} />
    </span>
  );
}

function Where({ cause }: { cause: Cause }) {
  if (cause.code === 'PERSON') return <a href="#needs">Needs you</a>;
  if (cause.code === 'NO_WORKER') return <a href="#workers">Workers</a>;
  if (cause.lane !== null) return <a href={`#lane-${cause.lane}`}>Lane {cause.lane}</a>;
  return (
    <Link to="/runs" search={{ status: 'queued' }}>
      Queued runs
    </Link>
  );
}
