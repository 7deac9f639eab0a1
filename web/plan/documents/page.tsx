import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useMe } from '../../api/me.js';
import { Button } from '../../ui/button.js';
import { Empty } from '../../ui/empty.js';
import { counted, shortDigest, size } from '../../ui/format.js';
import { lacks } from '../../ui/lacks.js';
import { askerText } from '../../ui/names.js';
import { Refusal } from '../../ui/refusal.js';
import { Time } from '../../ui/time.js';
import { visible } from '../../ui/visible.js';
import { PlanNav } from '../nav.js';
import { AddDocuments } from './add.js';
import { type Document, documentsQuery } from './data.js';
import { OneDocument } from './document.js';
import styles from './documents.module.css';
import { kindText } from './words.js';

/** Documents that were read, or the one that the address names. */
export function DocumentsPage() {
  const { document, line } = useSearch({ from: '/room/plan/documents' });
  return (
    <main className={styles['page']}>
      <header className={styles['head']}>
        <h1 className="vh">Documents</h1>
        <PlanNav />
      </header>
      {document === undefined ? <Documents /> : <OneDocument key={document} id={document} line={lineIn(line)} />}
    </main>
  );
}

/** A line that an address names, from 1. */
function lineIn(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function Documents() {
  const me = useMe();
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery(documentsQuery);
  const documents = data?.pages.flatMap((page) => page.documents) ?? [];
  return (
    <>
      {me.data && <AddDocuments why={lacks(me.data, 'intent:propose')} />}
      {error && <Refusal error={error} />}
      {data && documents.length === 0 && (
        <Empty title="No document was read yet" command="npx opsroom documents add procedure.pdf">
          A procedure that somebody wrote down becomes text here, with what it asks for, and a draft of a plan in which
          each step says where it came from. Nothing of it runs until you say so.
        </Empty>
      )}
      {documents.length > 0 && <DocumentTable documents={documents} />}
      {hasNextPage && (
        <p className={styles['more']}>
          <Button onClick={() => void fetchNextPage()}>Show more</Button>
        </p>
      )}
    </>
  );
}

function DocumentTable({ documents }: { documents: readonly Document[] }) {
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">Document</th>
          <th scope="col">Kind</th>
          <th scope="col" className="num">
            Size
          </th>
          <th scope="col">SHA-256</th>
          <th scope="col">Read</th>
          <th scope="col">By</th>
        </tr>
      </thead>
      <tbody>
        {documents.map(({ documentId, name, kind, bytes, pages, sha256, at, by, flags }) => (
          <tr key={documentId}>
            <td className="cut">
              <Link to="/plan/documents" search={{ document: documentId }} className="link" title={visible(name)}>
                {visible(name)}
              </Link>{' '}
              {flags.length > 0 && (
                <span className="label" title={flags.join(' ')}>
                  {counted(flags.length, 'note')}
                </span>
              )}
            </td>
            <td>
              {kindText(kind)}
              {pages > 1 && <span className="dim">, {counted(pages, 'page')}</span>}
            </td>
            <td className="num">{size(bytes)}</td>
            <td>
              <code title={sha256}>{shortDigest(sha256)}</code>
            </td>
            <td>
              <Time at={at} />
            </td>
            <td className="cut" title={visible(by)}>
              {askerText(by)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
