import { Link } from '@tanstack/react-router';
import { fullTime } from '../ui/format.js';
import { StateIcon } from '../ui/state-icon.js';
import { Time } from '../ui/time.js';
import { unturned } from '../ui/visible.js';
import type { BoardEvent } from './model.js';
import styles from './side.module.css';
import { eventShown, eventText } from './words.js';

/** What happened last, in all runs. */
export function Feed({ events }: { events: readonly BoardEvent[] }) {
  return (
    <section className={styles['feed']} aria-label="Latest events">
      <h2 className={styles['title']}>
        Events <span className="grow" />
        <Link to="/runs" className={styles['go']}>
          All runs
        </Link>
      </h2>
      {events.length === 0 && <p className={styles['quiet']}>Nothing has happened yet.</p>}
      <ol>
        {events.map((event) => (
          <EventRow key={`${event.run} ${event.seq}`} event={event} />
        ))}
      </ol>
    </section>
  );
}

function EventRow({ event }: { event: BoardEvent }) {
  const title = unturned(event.title);
  const text = `${title} · ${eventText(event)}`;
  return (
    <li>
      <Time at={event.at} seconds />
      <StateIcon shown={eventShown(event)} alone />
      <Link
        to="/runs/$run"
        params={{ run: event.run }}
        search={event.step === null ? {} : { step: event.step }}
        className={styles['event']}
        title={`${text}, ${fullTime(new Date(event.at))}`}
      >
        <span className="cut">{title}</span> <span className={styles['what']}>· {eventText(event)}</span>
      </Link>
    </li>
  );
}
