import { Link } from '@tanstack/react-router';
import { isForYou } from '../api/open-intents.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { askerText, targetText } from '../ui/names.js';
import { StateIcon } from '../ui/state-icon.js';
import { Since, Time } from '../ui/time.js';
import { visible } from '../ui/visible.js';
import styles from './list.module.css';
import type { Intent } from './model.js';
import { Until } from './until.js';
import { lineWords, statusShown } from './words.js';

export type ListName = 'open' | 'decided';

interface Props {
  name: ListName;
  you: readonly Intent[];
  others: readonly Intent[];
  decided: readonly Intent[];
  /** Whether it has been read. */
  ready: boolean;
  /** Whether there are more open ones than are listed. */
  moreOpen: boolean;
  /** Reads further ones; undefined: there are none. */
  more: (() => void) | undefined;
  /** The one that is looked at. */
  shown: string | undefined;
}

/** The inbox: what waits for whoever looks, what waits for others and why, and what was decided. */
export function Lists({ name, you, others, decided, ready, moreOpen, more, shown }: Props) {
  const open = you.length + others.length;
  return (
    <>
      <nav className={styles['tabs']} aria-label="Inbox">
        <Tab list="open" current={name} text={open === 0 ? 'Open' : `Open ${open}${moreOpen ? '+' : ''}`} />
        <Tab list="decided" current={name} text="Decided" />
      </nav>
      {name === 'open' && <Group title="For you" intents={you} shown={shown} list={name} />}
      {name === 'open' && <Group title="For others" intents={others} shown={shown} list={name} />}
      {name === 'decided' && <Group intents={decided} shown={shown} list={name} />}
      {more && (
        <div className={styles['more']}>
          <Button onClick={more}>Older ones</Button>
        </div>
      )}
      {ready && name === 'open' && open === 0 && <NothingOpen />}
      {ready && name === 'decided' && decided.length === 0 && <Empty title="Nothing was decided yet" />}
    </>
  );
}

function NothingOpen() {
  return (
    <Empty title="Nothing waits for approval" command="npx opsroom propose examples/deploy.yaml --input ref=v1.2.3">
      Policy lets a run start, denies it, or has people agree first. What agents ask for and what touches production
      waits here, with every argument and what changed. What runs ask stands under “Needs you” on the{' '}
      <Link to="/" className="link">
        runboard
      </Link>
      . To propose a plan:
    </Empty>
  );
}

function Tab({ list, current, text }: { list: ListName; current: ListName; text: string }) {
  return (
    <Link
      to="/approvals"
      search={list === 'open' ? {} : { list }}
      activeOptions={{ exact: true }}
      data-current={list === current}
      aria-current={list === current ? 'page' : undefined}
    >
      {text}
    </Link>
  );
}

interface GroupProps {
  title?: string;
  intents: readonly Intent[];
  shown: string | undefined;
  list: ListName;
}

function Group({ title, intents, shown, list }: GroupProps) {
  if (intents.length === 0) return null;
  return (
    <section aria-label={title ?? 'Decided'}>
      {title && <h2 className={styles['title']}>{title}</h2>}
      <ul className={styles['asks']}>
        {intents.map((intent) => (
          <li key={intent.intentId}>
            <Ask intent={intent} current={intent.intentId === shown} list={list} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Ask({ intent, current, list }: { intent: Intent; current: boolean; list: ListName }) {
  const { intentId, title, target, proposer, createdAt, expiresAt, endedAt, word } = intent;
  const shown = statusShown(intent);
  const search = { intent: intentId, ...(list === 'open' ? {} : { list }) };
  return (
    <Link
      to="/approvals"
      search={search}
      className={`${styles['ask']} q-${shown.look}`}
      activeOptions={{ exact: true }}
      data-current={current}
      aria-current={current ? 'page' : undefined}
    >
      <StateIcon shown={shown} alone={list === 'open'} />
      <b className="cut" title={visible(title)}>
        {visible(title)}
      </b>
      {list === 'open' ? <Since at={createdAt} /> : <Time at={endedAt ?? createdAt} />}
      <p>
        <span className="mono">{targetText(target) || 'no named target'}</span> ·{' '}
        {askerText(proposer.by, proposer.agent)}
      </p>
      {list === 'open' ? (
        <p className={isForYou(intent) ? styles['line'] : `${styles['line']} dim`}>
          <span className="grow">{lineWords(intent)}</span>
          {isForYou(intent) && expiresAt !== null && (
            <span className="dim">
              expires in <Until at={expiresAt} />
            </span>
          )}
        </p>
      ) : (
        <p className={styles['word']}>
          <span className={styles['status']}>{shown.word}</span>
          {word !== '' && word !== shown.word && <span className="dim">: {visible(word)}</span>}
        </p>
      )}
    </Link>
  );
}
