import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { Button } from '../ui/button.js';
import { useCommands } from '../ui/commands.js';
import { Empty } from '../ui/empty.js';
import { count } from '../ui/format.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { BulkBar, BulkDialog } from './bulk.js';
import { type Filter, filterOf, searchOf } from './filters.js';
import type { RunRow } from './model.js';
import styles from './page.module.css';
import { RunTable } from './table.js';
import { Tokens } from './tokens.js';
import { runsOf, useRuns } from './use-runs.js';
import { ViewBar } from './views.js';
import { type BulkChoice, selectionCommands } from './words.js';

const NONE: ReadonlySet<string> = new Set();

interface Acting {
  readonly choice: BulkChoice;
  readonly runs: readonly RunRow[];
}

/** Every run of the room: found by what is in the address, and acted on many at once. */
export function RunsPage() {
  const search = useSearch({ from: '/room/runs' });
  const navigate = useNavigate();
  const address = JSON.stringify(search);
  const filter = useMemo(() => filterOf(JSON.parse(address)), [address]);
  const [selected, setSelected] = useState(NONE);
  // Apart from the list: what is done to the runs may take them out of it before its outcome is read.
  const [acting, setActing] = useState<Acting>();
  const onFilter = (next: Filter) => {
    setSelected(NONE);
    void navigate({ to: '/runs', search: searchOf(next) });
  };
  const found = useRuns(filter);
  const runs = useMemo(() => runsOf(found.data), [found.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const chosen = runs.filter(({ runId }) => selected.has(runId));
  useCommands(selectionCommands(chosen, (choice) => setActing({ choice, runs: chosen })));
  return (
    <main className={styles['page']}>
      <div className={styles['head']}>
        <h1>Runs</h1>
        {found.data && (
          <span className={`${styles['shown']} mut`}>
            {count(runs.length)}
            {hasNextPage ? ' shown, more below' : runs.length === 1 ? ' run' : ' runs'}
          </span>
        )}
        <span className="grow" />
        <Link to="/sessions" className="link">
          Sessions
        </Link>
        <Link to="/plan" className={styles['new']}>
          New run
        </Link>
      </div>
      <ViewBar filter={filter} />
      <Tokens filter={filter} onFilter={onFilter} />
      {found.error && <Refusal error={found.error} />}
      {runs.length > 0 && <RunTable runs={runs} selected={selected} onSelected={setSelected} onEnd={onEnd} />}
      {found.data && runs.length === 0 && (
        <Nothing filter={filter} looking={hasNextPage} onClear={() => onFilter({})} />
      )}
      {isFetchingNextPage && runs.length > 0 && <LookingBack at={runs.at(-1)?.createdAt ?? null} />}
      {chosen.length > 0 && (
        <BulkBar
          runs={chosen}
          onClear={() => setSelected(NONE)}
          onAct={(choice) => setActing({ choice, runs: chosen })}
        />
      )}
      {acting && (
        <BulkDialog
          {...acting}
          onClose={() => setActing(undefined)}
          onDone={() => {
            setActing(undefined);
            setSelected(NONE);
          }}
        />
      )}
    </main>
  );
}

const LookingBack = ({ at }: { at: string | null }) => (
  <p className={`${styles['more']} label`}>
    Looking further back than <Time at={at} /> …
  </p>
);

function Nothing({ filter, looking, onClear }: { filter: Filter; looking: boolean; onClear: () => void }) {
  if (looking) return <p className={`${styles['more']} label`}>Nothing yet; looking further back …</p>;
  if (Object.keys(filter).length === 0) {
    return (
      <Empty title="Nothing has run here yet." command="npx opsroom run PLAN.yaml">
        A plan or a Markdown runbook becomes a run: each step is verified, and what it proves is kept.
      </Empty>
    );
  }
  if (filter.session !== undefined && Object.keys(filter).length === 1) {
    return (
      <Empty
        title="No run is in this session yet."
        command={`npx opsroom run PLAN.yaml --session "${filter.session}"`}
      />
    );
  }
  return (
    <div className={styles['nothing']}>
      <Empty title="No run fits these filters.">Take one out, or look at all runs.</Empty>
      <Button onClick={onClear}>Show all runs</Button>
    </div>
  );
}
