import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { api, read } from '../api/client.js';
import { Command } from '../ui/copy.js';
import { count, fineDuration } from '../ui/format.js';
import { Refusal } from '../ui/refusal.js';
import { Segmented } from '../ui/segmented.js';
import { State } from '../ui/state-icon.js';
import { Time } from '../ui/time.js';
import { Chart } from './chart.js';
import styles from './dashboard.module.css';
import { type Dashboard, FIGURES, type Figure, niceTime, niceTop, standing, targetText, valueText } from './words.js';

const WINDOWS = [
  { value: '24h', text: '24 hours' },
  { value: '7d', text: '7 days' },
  { value: '30d', text: '30 days' },
] as const;
type Window = (typeof WINDOWS)[number]['value'];
/** The room keeps an answer for 15 seconds; none of this changes in one. */
/** What scrolls sideways on a phone can be scrolled by the keyboard. */
const SCROLLS = { tabIndex: 0 } as const;
const EVERY_MS = 30_000;

/** How well the room does, against its targets. */
export function DashboardPage() {
  const search = useSearch({ from: '/room/dashboard' });
  const navigate = useNavigate();
  const window: Window = WINDOWS.find(({ value }) => value === search['window'])?.value ?? '7d';
  const { data, error } = useQuery({
    queryKey: ['dashboard', window],
    queryFn: () => read(api.GET('/v1/dashboard', { params: { query: { window } } })),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
  return (
    <main className={styles['page']}>
      <div className={styles['head']}>
        <h1>Dashboard</h1>
        {data && (
          <p className="mut">
            counted at <Time at={data.to} seconds />
          </p>
        )}
        <span className="grow" />
        <Segmented
          label="Window"
          value={window}
          options={WINDOWS}
          onChange={(value) => void navigate({ to: '/dashboard', search: { window: value }, resetScroll: false })}
        />
      </div>
      {error && <Refusal error={error} />}
      {data && <Board board={data} />}
    </main>
  );
}

function Board({ board }: { board: Dashboard }) {
  const { runs, slices, figures } = board;
  const ended = runs.succeeded + runs.failed + runs.rolledBack + runs.asked;
  return (
    <>
      <ul className={styles['figures']}>
        {figures.map((figure) => (
          <Number key={figure.name} figure={figure} />
        ))}
      </ul>
      {ended === 0 ? (
        <p className={styles['none']}>
          No run has ended in this time. <Command text="npx opsroom run PLAN.yaml" />
        </p>
      ) : (
        <div className={styles['charts']}>
          <Chart
            title="Runs that ended"
            columns={['succeeded', 'failed', 'rolled back', 'ended by a person']}
            bars={slices.map(({ from, succeeded, failed, rolledBack, asked }) => ({
              from,
              parts: [succeeded, failed, rolledBack, asked],
            }))}
            text={count}
            topOf={niceTop}
          />
          <Chart
            title="Median duration of runs"
            columns={['median']}
            bars={slices.map(({ from, durationP50Ms }) => ({ from, parts: [durationP50Ms ?? 0] }))}
            text={fineDuration}
            topOf={niceTime}
            line={120_000}
          />
        </div>
      )}
      <Tools board={board} />
    </>
  );
}

function Number({ figure }: { figure: Figure }) {
  const { name, value, of, enough } = figure;
  const { title, of: what, means } = FIGURES[name];
  return (
    <li>
      <h2>{title}</h2>
      <p className={styles['value']}>
        {value === null ? (
          <span className={styles['few']}>
            not enough {what} yet: {count(of)} of {enough}
          </span>
        ) : (
          valueText(name, value)
        )}
      </p>
      <p className={styles['against']}>
        {value !== null && <State shown={standing(figure)} />}
        <span className="mut">{targetText(figure)}</span>
        {value !== null && (
          <span className="dim">
            of {count(of)} {what}
          </span>
        )}
      </p>
      <p className="label">{means}</p>
    </li>
  );
}

function Tools({ board: { tools, queue } }: { board: Dashboard }) {
  return (
    <section className={styles['tools']} aria-labelledby="tools">
      <h2 id="tools">Tools and the queue</h2>
      <p className="mut">
        {queue.p50Ms === null || queue.p95Ms === null
          ? 'No run has waited for its lane in this time.'
          : `Of ${count(queue.runs)} runs half waited at most ${fineDuration(queue.p50Ms)} for their lane, and one in twenty longer than ${fineDuration(queue.p95Ms)}.`}
      </p>
      {tools.length > 0 && (
        <section className={styles['scroll']} aria-label="Tools" {...SCROLLS}>
          <table>
            <thead>
              <tr>
                <th scope="col">Tool</th>
                <th scope="col" className="num">
                  Calls
                </th>
                <th scope="col" className="num">
                  Failed
                </th>
                <th scope="col" className="num">
                  No answer
                </th>
                <th scope="col" className="num">
                  Median
                </th>
                <th scope="col" className="num">
                  95 % within
                </th>
              </tr>
            </thead>
            <tbody>
              {tools.map(({ tool, calls, failed, unavailable, p50Ms, p95Ms }) => (
                <tr key={tool}>
                  <td className="mono">{tool}</td>
                  <td className="num">{count(calls)}</td>
                  <td className="num">{failed === 0 ? <span className="dim">–</span> : count(failed)}</td>
                  <td className="num">{unavailable === 0 ? <span className="dim">–</span> : count(unavailable)}</td>
                  <td className="num">{fineDuration(p50Ms)}</td>
                  <td className="num">{fineDuration(p95Ms)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p className="label">
        A call lasts from its beginning to the judgement on it, its verifiers included. Each item of a forEach and each
        attempt is one.
      </p>
    </section>
  );
}
