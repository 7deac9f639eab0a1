import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMe } from '../../api/me.js';
import { CopyButton } from '../../ui/copy.js';
import { counted, shortDigest, size } from '../../ui/format.js';
import { lacks } from '../../ui/lacks.js';
import { askerText } from '../../ui/names.js';
import { Refusal } from '../../ui/refusal.js';
import { Time } from '../../ui/time.js';
import { visible } from '../../ui/visible.js';
import { type DocumentDetail, documentQuery } from './data.js';
import styles from './documents.module.css';
import { DraftIt } from './draft-it.js';
import { Requirements } from './requirements.js';
import { DocumentText } from './text.js';
import { kindText } from './words.js';

/** One document: what it is, its text, what it asks for, and the way to a plan. */
export function OneDocument({ id, line }: { id: string; line: number | undefined }) {
  const { data, error } = useQuery(documentQuery(id));
  return (
    <>
      <p className={styles['back']}>
        <Link to="/plan/documents" search={{}} className="link">
          All documents
        </Link>
      </p>
      {error && <Refusal error={error} />}
      {data && <Shown document={data} line={line} />}
    </>
  );
}

function Shown({ document, line }: { document: DocumentDetail; line: number | undefined }) {
  const navigate = useNavigate();
  const me = useMe();
  const toLine = (next: number) =>
    void navigate({
      to: '/plan/documents',
      search: { document: document.documentId, line: String(next) },
      replace: true,
    });
  const why = me.data && lacks(me.data, 'intent:propose');
  return (
    <>
      <header className={styles['about']}>
        <h2>{visible(document.name)}</h2>
        <Facts document={document} />
        {document.flags.map((flag) => (
          <p key={flag} className={styles['flag']}>
            {flag}
          </p>
        ))}
      </header>
      <div className={styles['body']}>
        <DocumentText document={document} line={line} />
        <div className={styles['side']}>
          <DraftIt document={document} why={why} />
          <Requirements document={document} why={why} onLine={toLine} />
        </div>
      </div>
    </>
  );
}

function Facts({ document: { kind, pages, bytes, sha256, url, by, at } }: { document: DocumentDetail }) {
  return (
    <dl className={styles['facts']}>
      <div>
        <dt>Kind</dt>
        <dd>
          {kindText(kind)}
          {pages > 1 && `, ${counted(pages, 'page')}`}
        </dd>
      </div>
      <div>
        <dt>Size</dt>
        <dd>{size(bytes)}</dd>
      </div>
      <div>
        <dt>SHA-256 of the file</dt>
        <dd>
          <code title={sha256}>{shortDigest(sha256)}</code> <CopyButton text={sha256} what="the digest" />
        </dd>
      </div>
      {url !== null && (
        <div>
          <dt>From</dt>
          <dd className="cut" title={visible(url)}>
            {visible(url)}
          </dd>
        </div>
      )}
      <div>
        <dt>Read</dt>
        <dd>
          <Time at={at} /> by <span title={visible(by)}>{askerText(by)}</span>
        </dd>
      </div>
    </dl>
  );
}
