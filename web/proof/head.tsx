import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hasEnded, type RunStatus } from '#ir/state.js';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { count, shortDigest, shortRun } from '../ui/format.js';
import { Refusal } from '../ui/refusal.js';
import type { Shown } from '../ui/state.js';
import { State } from '../ui/state-icon.js';
import { Time } from '../ui/time.js';
import { unturned } from '../ui/visible.js';
import { type ChainCheck, checkSeal, type SealCheck, type SignedBundle } from './check.js';
import styles from './page.module.css';
import { saveJson } from './save.js';

interface Props {
  chain: {
    runId: string;
    title: string;
    status: RunStatus;
    sealed: { at: string; head: string; keyid: string } | null;
  };
  count: number;
  check: ChainCheck | undefined;
  reading: boolean;
}

/** Whose chain it is, whether it is whole, whether it is sealed, and its bundle to take along. */
export function Head({ chain, count: records, check, reading }: Props) {
  const { runId, title, status, sealed } = chain;
  const bundle = useQuery({
    queryKey: ['runs', runId, 'bundle', sealed?.head],
    queryFn: () => read(api.GET('/v1/runs/{run}/proof', { params: { path: { run: runId } } })),
    enabled: sealed !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const file = bundle.data?.bundle;
  return (
    <header className={styles['head']}>
      <div className={styles['title']}>
        <h1>
          <Link to="/runs" className="dim">
            Runs
          </Link>{' '}
          <span className="dim">/</span>{' '}
          <Link to="/runs/$run" params={{ run: runId }}>
            {unturned(title)}
          </Link>{' '}
          <span className="dim">/</span> Proof
        </h1>
        <code className="dim">{shortRun(runId)}</code>
        <span className="grow" />
        <Button
          look="go"
          why={sealed ? undefined : hasEnded(status) ? 'It is being sealed.' : 'It is sealed when it has ended.'}
          onClick={() => file && saveJson(file, `proof-${shortRun(runId)}.json`)}
        >
          Download bundle
        </Button>
      </div>
      <dl className={styles['facts']}>
        <div>
          <dt>Chain, checked in this browser</dt>
          <dd>
            <State shown={chainShown(check, reading)} /> <span className="dim">{count(records)} records</span>
          </dd>
        </div>
        <div>
          <dt>Seal</dt>
          <dd>
            {sealed ? (
              <>
                sealed <Time at={sealed.at} /> <span className="dim">by key</span>{' '}
                <code title={sealed.keyid}>{shortDigest(sealed.keyid)}</code>
              </>
            ) : (
              <span className="dim">
                {hasEnded(status) ? 'not yet: a worker seals it' : 'not sealed: seals when the run ends'}
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>Signature, checked in this browser</dt>
          <dd>
            {file ? (
              <Signature bundle={file} head={sealed?.head ?? ''} />
            ) : (
              <span className="dim">nothing signed yet</span>
            )}
          </dd>
        </div>
      </dl>
      {bundle.error && <Refusal error={bundle.error} />}
    </header>
  );
}

const CHECKING: Shown = { look: 'running', word: 'checking' };

function chainShown(check: ChainCheck | undefined, reading: boolean): Shown {
  if (reading || !check) return CHECKING;
  if (check.ok) return { look: 'proven', word: 'unbroken' };
  return { look: 'failed', word: `broken at record ${check.seq}: ${check.problem}` };
}

const SEAL: Readonly<Record<SealCheck['state'], Shown>> = {
  signed: { look: 'proven', word: 'signed by the enclosed key' },
  'not signed': { look: 'failed', word: 'the signature does not fit' },
  'other chain': { look: 'failed', word: 'what was signed is another chain' },
  cannot: { look: 'unknown', word: 'this browser knows no Ed25519: use opsroom verify' },
};

function Signature({ bundle, head }: { bundle: SignedBundle; head: string }) {
  const { data, isError } = useQuery({
    queryKey: ['seal-check', head],
    queryFn: () => checkSeal(bundle, head),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isError) return <State shown={{ look: 'failed', word: 'the bundle cannot be read' }} />;
  return <State shown={data ? SEAL[data.state] : CHECKING} />;
}
