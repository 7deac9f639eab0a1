import { z } from 'zod';
import type { JsonValue } from '#ir/json.js';
import { isHeaderName } from '#sandbox/headers.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const headerName = z.string().refine(isHeaderName, 'not a header, or one that is set by the connection');
const status = z.int().min(100).max(599);

export const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a request says, without what is done with the answer. */
export const httpArgsSchema = z
  .strictObject({
    method: z.preprocess((m) => (typeof m === 'string' ? m.toUpperCase() : m), z.enum(METHODS)).default('GET'),
    url: z.string().min(1).max(8192),
    headers: z.record(headerName, scalar).default({}),
    /** Appended to the url; a list repeats the name, null leaves it out. */
    query: z.record(z.string(), z.union([scalar, z.null(), z.array(scalar)])).default({}),
    body: (z.json() as z.ZodType<JsonValue>).optional(),
    /** Default: `text` for a string, `json` for anything else. */
    bodyType: z.enum(['json', 'text', 'form']).optional(),
    auth: z
      .union([
        z.strictObject({ bearer: z.string().min(1) }),
        z.strictObject({
          basic: z.strictObject({
            username: z.string().regex(/^[^:]*$/, 'a user name has no ":"'),
            password: z.string(),
          }),
        }),
      ])
      .optional(),
    timeoutMs: z.int().min(1).max(3_600_000).optional(),
    maxRedirects: z.int().min(0).max(20).default(5),
    /** One status, or several; default 200 to 299. */
    expectStatus: z.union([status, z.array(status).min(1)]).optional(),
    maxBytes: z
      .int()
      .min(0)
      .max(64 * 1024 * 1024)
      .default(1024 * 1024),
  })
  .refine((args) => !(args.auth && Object.keys(args.headers).some((name) => name.toLowerCase() === 'authorization')), {
    message: 'give either auth or an authorization header',
    path: ['auth'],
  })
  .refine((args) => args.bodyType !== 'form' || isFlat(args.body), {
    message: 'a form is an object of texts and numbers',
    path: ['body'],
  });

export type HttpArgs = z.output<typeof httpArgsSchema>;

function isFlat(body: JsonValue | undefined): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    !Array.isArray(body) &&
    Object.values(body).every((v) => v === null || typeof v !== 'object')
  );
}
