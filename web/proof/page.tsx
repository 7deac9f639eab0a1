import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { hasEnded } from '#ir/state.js';
import { useLive } from '../api/live.js';
import { NoRun } from '../ui/no-run.js';
import { isSealed } from '../ui/sealed.js';
import { chainQuery } from './chain-query.js';
import { checkChain } from './check.js';
import { Head } from './head.js';
import styles from './page.module.css';
import { RecordDetail } from './record-detail.js';
import { RecordList } from './record-list.js';
import { Replay } from './replay.js';
import { Yourself } from './yourself.js';

/** The Proof Viewer: a run's chain record by record, checked in this browser, and how to check it without us. */
export function ProofPage() {
  const { run } = useParams({ from: '/room/runs/$run/proof' });
  const { record } = useSearch({ from: '/room/runs/$run/proof' });
  const navigate = useNavigate({ from: '/runs/$run/proof' });
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery(chainQuery(run));
  const first = data?.pages[0];
  const records = data?.pages.flatMap((page) => page.records) ?? [];
  const checked = useQuery({
    queryKey: ['chain-check', run, records.length, records.at(-1)?.hash],
    queryFn: () => checkChain(records),
    enabled: records.length > 0 && !hasNextPage,
    staleTime: Number.POSITIVE_INFINITY,
  });
  // A chain is checked as a whole, so all of it is fetched; not in place of what is read anew, which says how the run stands.
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const refresh = () => void refetch();
  // A run is sealed a moment after its last event, and its stream ends when it is.
  const goesOn = first && (!hasEnded(first.status) || !isSealed({ sealed: first.sealed, records, more: hasNextPage }));
  useLive(goesOn ? `/v1/runs/${first.runId}/events` : null, {
    onEvents: refresh,
    onEnd: refresh,
  });
  if (error) return <NoRun error={error} />;
  if (!first) return <p className={styles['loading']}>Reading the chain …</p>;
  const selected = records.find(({ seq }) => String(seq) === record) ?? records.at(-1);
  const select = (seq: number) => void navigate({ search: { record: String(seq) }, replace: true, resetScroll: false });
  return (
    <main className={styles['page']}>
      <Head chain={first} count={records.length} check={checked.data} reading={hasNextPage} />
      <div className={styles['body']}>
        <RecordList records={records} selected={selected?.seq} broken={checked.data} onSelect={select} />
        <div className={styles['detail']}>
          {selected && <RecordDetail key={selected.hash} record={selected} />}
          <Replay run={first.runId} ended={hasEnded(first.status)} />
          <Yourself run={first.runId} sealed={first.sealed !== null} />
          <p className={styles['back']}>
            <Link className="link" to="/runs/$run" params={{ run }}>
              Back to the run
            </Link>
          </p>
        </div>
      </div>
    </main>
  );
}
