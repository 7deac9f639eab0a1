import type pg from 'pg';
import type { DocumentKind } from '#compile/document/kind.js';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** A document as it is kept; its file is not. */
export interface StoredDocument {
  readonly id: string;
  readonly name: string;
  readonly kind: DocumentKind;
  readonly url: string | null;
  /** Of the file. */
  readonly sha256: string;
  readonly bytes: number;
  readonly text: string;
  /** The line of the text at which each page begins. */
  readonly pages: readonly number[];
  readonly flags: readonly string[];
  readonly by: string;
  readonly at: Date;
}

const HEAD = 'id, name, kind, url, sha256, bytes, pages, flags, added_by as "by", added_at as "at"';

export async function insertDocument(tx: Sql, org: string, document: Omit<StoredDocument, 'at'>): Promise<void> {
  const { id, name, kind, url, sha256, bytes, text, pages, flags, by } = document;
  await tx.query(
    `insert into opsroom.documents (org_id, id, name, kind, url, sha256, bytes, text, pages, flags, added_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [org, id, name, kind, url, sha256, bytes, text, JSON.stringify(pages), JSON.stringify(flags), by],
  );
}

/** The newest first, without their text. @param page `before`: a document; those that are older */
export async function listDocuments(
  sql: Sql,
  org: string,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<Omit<StoredDocument, 'text'>[]> {
  const text = `select ${HEAD} from opsroom.documents where org_id = $1
      and ($3::uuid is null or (added_at, id) < (select added_at, id from opsroom.documents where org_id = $1 and id = $3))
    order by added_at desc, id desc limit $2`;
  return (await sql.query<Omit<StoredDocument, 'text'>>(text, [org, limit, before ?? null])).rows;
}

export async function findDocument(sql: Sql, org: string, id: string): Promise<StoredDocument | undefined> {
  const text = `select ${HEAD}, text from opsroom.documents where org_id = $1 and id = $2`;
  return (await sql.query<StoredDocument>(text, [org, id])).rows[0];
}
