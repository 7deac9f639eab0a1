import type { paths } from '../api/schema.js';

type Answer<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

/** A run as the list shows it. */
export type RunRow = Answer<'/v1/runs', 'get'>['runs'][number];
export type Views = Answer<'/v1/views', 'get'>;
export type BulkPreview = Answer<'/v1/runs/bulk/preview', 'post'>;
export type BulkResult = Answer<'/v1/runs/bulk', 'post'>;
