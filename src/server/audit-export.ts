import { Readable } from 'node:stream';
import type { Hono } from 'hono';
import { AUDIT_EXPORT, auditExport, auditExportInput } from '#operations/audit/export.js';
import { authorise, validated } from '#operations/invoke.js';
import type { ApiEnv } from './api-parts.js';
import { type QueryForm, readQuery } from './request.js';

export const AUDIT_EXPORT_PATH = '/v1/audit/export';
const QUERY = new Map<string, QueryForm>([
  ['kind', 'text'],
  ['actor', 'text'],
  ['since', 'text'],
  ['until', 'text'],
  ['refused', 'boolean'],
  ['format', 'text'],
]);
const TYPES = { json: 'application/jsonl; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const;
const ENDINGS = { json: 'jsonl', csv: 'csv' } as const;

/** The audit log as a file that verifies by itself. */
export function addAuditExport(api: Hono<ApiEnv>): void {
  api.get(AUDIT_EXPORT_PATH, async (context) => {
    const room = context.get('room');
    authorise(AUDIT_EXPORT, room);
    const asked = validated(auditExportInput, readQuery(new URL(context.req.url).searchParams, QUERY));
    const headers = {
      'content-type': TYPES[asked.format],
      'content-disposition': `attachment; filename="audit-${room.ports.clock.now().toISOString().slice(0, 10)}.${ENDINGS[asked.format]}"`,
      'x-content-type-options': 'nosniff',
    };
    if (context.req.method === 'HEAD') return new Response(null, { headers });
    const body = Readable.from(bytesOf(await auditExport(room, asked)));
    return new Response(Readable.toWeb(body) as ReadableStream<Uint8Array>, { headers });
  });
}

async function* bytesOf(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) yield Buffer.from(text);
}

/** The description of the export in the OpenAPI document. */
export function auditExportDescription(refusals: Readonly<Record<string, unknown>>) {
  const text = (name: string, example: string, description: string) => ({
    name,
    in: 'query',
    required: false,
    schema: { type: 'string' },
    description,
    example,
  });
  return {
    operationId: AUDIT_EXPORT.name,
    summary:
      'Download the audit log as JSON lines or CSV, with leaf hashes and the signed head of the tree: it verifies offline.',
    tags: ['audit'],
    description: 'Needs the permission `audit:read`. docs/audit.md specifies the file.',
    'x-opsroom-permission': AUDIT_EXPORT.permission,
    'x-openai-isConsequential': false,
    parameters: [
      {
        name: 'format',
        in: 'query',
        required: false,
        schema: { type: 'string', enum: ['json', 'csv'] },
        example: 'json',
      },
      text('kind', 'call.', 'The kind of an entry or its beginning.'),
      text('actor', 'key:ci', 'Whoever asked.'),
      text('since', '2026-11-01T00:00:00Z', 'From this moment on.'),
      text('until', '2026-12-01T00:00:00Z', 'Before this moment.'),
      { name: 'refused', in: 'query', required: false, schema: { type: 'boolean' }, example: true },
    ],
    responses: {
      '200': {
        description: 'The file.',
        content: {
          'application/jsonl': { schema: { type: 'string' }, example: '{"at":"2026-11-21T06:16:22.000Z"}\n' },
        },
      },
      ...refusals,
    },
  };
}
