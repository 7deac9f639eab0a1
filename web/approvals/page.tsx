import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { openIntents } from '../api/open-intents.js';
import { useCommands } from '../ui/commands.js';
import { Refusal } from '../ui/refusal.js';
import { useDecided, useFreshIntents } from './data.js';
import { Detail } from './detail.js';
import { type ListName, Lists } from './list.js';
import type { Intent } from './model.js';
import styles from './page.module.css';
import { grouped } from './words.js';

/** What was asked for: what waits for whom, with all that it takes to decide, and what was decided. */
export function ApprovalsPage() {
  useFreshIntents();
  const search = useSearch({ from: '/room/approvals' });
  const name: ListName = search['list'] === 'decided' ? 'decided' : 'open';
  const open = useInfiniteQuery(openIntents);
  const decided = useDecided(name === 'decided');
  const list = name === 'open' ? open : decided;
  const { you, others } = grouped(open.data?.pages.flatMap(({ intents }) => intents) ?? []);
  const listed = name === 'open' ? [...you, ...others] : (decided.data?.pages.flatMap(({ intents }) => intents) ?? []);
  const chosen = search['intent'];
  // A wide page has room for the first one; on a phone the list comes first.
  const shown = chosen ?? listed[0]?.intentId;
  const choose = useChoice(name);
  useSteps(listed, shown, choose);
  const error = open.error ?? decided.error;
  return (
    <main className={styles['page']} data-chosen={chosen !== undefined}>
      <h1 className="vh">Approvals</h1>
      <div className={styles['list']}>
        {error && <Refusal error={error} />}
        <Lists
          name={name}
          you={you}
          others={others}
          decided={name === 'decided' ? listed : []}
          ready={list.isSuccess}
          moreOpen={open.hasNextPage}
          more={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          shown={shown}
        />
      </div>
      <div className={styles['detail']}>
        {shown !== undefined && (
          <Detail
            key={shown}
            intent={shown}
            place={placeOf(listed, shown)}
            list={name}
            onDecide={() => choose(shown)}
          />
        )}
      </div>
    </main>
  );
}

/** `1 of 3`; undefined for one that is not in the list. */
function placeOf(listed: readonly Intent[], shown: string): string | undefined {
  const place = listed.findIndex(({ intentId }) => intentId === shown);
  return place < 0 ? undefined : `${place + 1} of ${listed.length}`;
}

function useChoice(list: ListName): (intent: string) => void {
  const navigate = useNavigate();
  return (intent) =>
    void navigate({ to: '/approvals', search: { intent, ...(list === 'open' ? {} : { list }) }, replace: true });
}

function useSteps(listed: readonly Intent[], shown: string | undefined, choose: (intent: string) => void): void {
  const place = listed.findIndex(({ intentId }) => intentId === shown);
  const [next, previous] = [listed[place + 1], listed[place - 1]];
  const go = (to: Intent | undefined) => () => to && choose(to.intentId);
  useCommands([
    {
      id: 'approvals.next',
      text: 'Next',
      group: 'Approvals',
      keys: 'j',
      why: next ? undefined : 'It is the last.',
      run: go(next),
    },
    {
      id: 'approvals.previous',
      text: 'Previous',
      group: 'Approvals',
      keys: 'k',
      why: previous ? undefined : 'It is the first.',
      run: go(previous),
    },
  ]);
}
