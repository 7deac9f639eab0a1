import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { approvalTexts, readApprovals } from '#ir/approval.js';
import type { ChainRecord, ProofBody } from '#ir/proof.js';
import { api, read } from '../api/client.js';
import { digestOf } from '../kit/signed.js';
import { CopyButton } from '../ui/copy.js';
import { fullTime, size } from '../ui/format.js';
import { Refusal } from '../ui/refusal.js';
import { State } from '../ui/state-icon.js';
import styles from './page.module.css';
import { basisText, lineOf } from './words.js';

/** One record: what it says, the evidence behind it, and what ties it to the record before. */
export function RecordDetail({ record }: { record: ChainRecord }) {
  const { seq, at, prev, hash, body } = record;
  const { kind, about, shown, note } = lineOf(record);
  return (
    <section className={styles['section']} aria-label={`Record ${seq}`}>
      <h2>
        <span className="dim">
          {seq} {kind}
        </span>{' '}
        <span className="mono">{about}</span> {shown && <State shown={shown} />}
      </h2>
      {body.type === 'verdict' ? <p>{basisText(body)}</p> : note && <p className="mut">{note}</p>}
      <dl className={styles['fields']}>
        <Row name="at">{fullTime(new Date(at))}</Row>
        {fieldsOf(body).map(([name, value]) => (
          <Row key={name} name={name}>
            <code>{value}</code>
          </Row>
        ))}
        <Row name="previous">
          <code>{prev}</code>
        </Row>
        <Row name="hash">
          <code>{hash}</code> <CopyButton text={hash} what="the hash" />
        </Row>
      </dl>
      {evidenceOf(body).map(([name, digest]) => (
        <Evidence key={name} name={name} digest={digest} />
      ))}
    </section>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What a record holds beside what its line says. */
function fieldsOf(body: ProofBody): [string, string][] {
  switch (body.type) {
    case 'genesis':
      return [
        ['plan', body.planDigest],
        ['inputs', body.inputsDigest],
        ['target', body.targetDigest],
        ...approvalTexts(readApprovals(body.approvals)).map((text) => ['agreed', text] as [string, string]),
        ...(body.parent ? [['parent run', body.parent.run] as [string, string]] : []),
      ];
    case 'step':
      return [
        ['started', fullTime(new Date(body.startedAt))],
        ['ended', fullTime(new Date(body.endedAt))],
        ['output', body.outputDigest],
        ...(body.logDigest ? [['log', body.logDigest] as [string, string]] : []),
        ...(body.artefacts ?? []).map(({ name, sha256, size: bytes }): [string, string] => [
          name,
          `${sha256}, ${size(bytes)}`,
        ]),
      ];
    case 'verdict':
      return [['before', body.baseline.state]];
    case 'signal':
    case 'end':
      return [];
  }
}

function evidenceOf(body: ProofBody): [string, string][] {
  if (body.type !== 'verdict') return [];
  const { baseline, evidence } = body;
  return [
    ...(baseline.evidence ? [['Seen before', baseline.evidence] as [string, string]] : []),
    ['Seen after', evidence],
  ];
}

/** A piece of evidence, with its digest computed here. */
function Evidence({ name, digest }: { name: string; digest: string }) {
  const { data, error } = useQuery({
    queryKey: ['evidence', digest],
    queryFn: async () => {
      const { evidence } = await read(api.GET('/v1/evidence/{digest}', { params: { path: { digest } } }));
      return { text: JSON.stringify(evidence, null, 2), fits: (await digestOf(evidence)) === digest };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <figure className={styles['evidence']}>
      <figcaption>
        {name} <code className="dim">{digest.slice(0, 12)}…</code>{' '}
        {data &&
          (data.fits ? (
            <span className="dim">its digest fits</span>
          ) : (
            <State shown={{ look: 'failed', word: 'its digest does not fit' }} />
          ))}
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
      {data && <pre tabIndex={0}>{data.text}</pre>}
      {error && <Refusal error={error} />}
    </figure>
  );
}
