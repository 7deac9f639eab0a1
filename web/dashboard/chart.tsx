import { day } from '../ui/format.js';
import styles from './dashboard.module.css';

/** What one slice of the window shows: parts that stand on each other, in ink and greys. */
export interface Bar {
  readonly from: string;
  readonly parts: readonly number[];
}

interface Props {
  title: string;
  /** What is drawn, for who cannot see it and as the head of the table. */
  columns: readonly string[];
  bars: readonly Bar[];
  text: (value: number) => string;
  /** Where the axis ends, at or above the largest value. */
  topOf: (largest: number) => number;
  /** A target, drawn as a line across when it is near what is shown. */
  line?: number;
}

/** A long table can be scrolled by the keyboard. */
const SCROLLS = { tabIndex: 0 } as const;
/** A target further above than so many times would press everything else to the floor. */
const NEAR = 4;
const [WIDTH, HEIGHT, GAP] = [560, 120, 2];

/** Bars over time, with the same numbers as a table. */
export function Chart({ title, columns, bars, text, topOf, line: target }: Props) {
  const sums = bars.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0));
  const largest = Math.max(...sums);
  const line = target !== undefined && largest * NEAR >= target ? target : undefined;
  const top = topOf(Math.max(largest, line ?? 0));
  const step = WIDTH / Math.max(1, bars.length);
  const y = (value: number) => HEIGHT - (value / top) * HEIGHT;
  return (
    <figure className={styles['chart']}>
      <figcaption>
        {title}
        <span className={styles['key']}>
          {columns.map((column, place) => (
            <span key={column}>
              <i className={styles[`part${place}`]} /> {column}
            </span>
          ))}
        </span>
      </figcaption>
      <div className={styles['plot']}>
        <span className={`${styles['top']} label`}>{text(top)}</span>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}`} className={styles['rule']} />
          {bars.map(({ from, parts }, place) => (
            <g key={from}>
              {parts.map((part, depth) => {
                const below = parts.slice(0, depth).reduce((sum, one) => sum + one, 0);
                return (
                  <rect
                    key={columns[depth]}
                    className={styles[`part${depth}`]}
                    x={place * step + GAP / 2}
                    width={step - GAP}
                    y={y(below + part)}
                    height={(part / top) * HEIGHT}
                  />
                );
              })}
            </g>
          ))}
          {line !== undefined && <path d={`M0 ${y(line)}H${WIDTH}`} className={styles['target']} />}
          <path d={`M0 ${HEIGHT}H${WIDTH}`} className={styles['floor']} />
        </svg>
        <div className={`${styles['axis']} label`}>
          <span>{momentText(bars[0]?.from)}</span>
          <span>now</span>
        </div>
      </div>
      <Table {...{ title, columns, bars, text }} />
    </figure>
  );
}

function momentText(from: string | undefined): string {
  if (from === undefined) return '';
  const at = new Date(from);
  return `${day(at)} ${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
}

function Table({ title, columns, bars, text }: Pick<Props, 'title' | 'columns' | 'bars' | 'text'>) {
  return (
    <details className={styles['table']}>
      <summary>As a table</summary>
      <section aria-label={title} {...SCROLLS}>
        <table>
          <caption className="vh">{title}</caption>
          <thead>
            <tr>
              <th scope="col">From</th>
              {columns.map((column) => (
                <th key={column} scope="col" className="num">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars.map(({ from, parts }) => (
              <tr key={from}>
                <td className="mono">{momentText(from)}</td>
                {parts.map((part, place) => (
                  <td key={columns[place]} className="num">
                    {text(part)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
