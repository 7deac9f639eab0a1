import type { Context } from 'hono';
import { z } from 'zod';
import { parseBoundedJson, refuseText } from '#ir/bounded-json.js';
import { OpsroomError } from '#kit/errors.js';
import { pathMembers, type Route, type Routed } from './routes.js';

/** How a member of the query is read: `status=failed&status=waiting` is a list, `limit=5` a number. */
export type QueryForm = 'text' | 'number' | 'boolean' | 'list';

/** How each member that may stand in the query is read. */
export function queryForms({ operation, route }: Routed): ReadonlyMap<string, QueryForm> {
  if (route.rest !== 'query') return new Map();
  const { properties = {} } = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' });
  const inPath = new Set(pathMembers(route.path));
  const members = Object.entries(properties).filter(([name]) => !inPath.has(name));
  return new Map(members.map(([name, schema]) => [name, formOf(typeof schema === 'object' ? schema.type : undefined)]));
}

function formOf(type: unknown): QueryForm {
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') return 'list';
  return type === 'boolean' ? 'boolean' : 'text';
}

/**
 * The operation's input as the request gives it, not validated yet: the path's members, and those of the query, the body or a header.
 * @throws OpsroomError USAGE for what no operation could be given
 */
export async function inputOf(
  context: Context,
  { route }: Routed,
  forms: ReadonlyMap<string, QueryForm>,
): Promise<Record<string, unknown>> {
  const path = Object.fromEntries(pathMembers(route.path).map((name) => [name, context.req.param(name) ?? '']));
  const query = readQuery(new URL(context.req.url).searchParams, forms);
  for (const text of Object.values(path)) refuseText(text);
  const body = route.rest === 'body' ? await readBody(context) : {};
  const twice = Object.keys(path).find((name) => Object.hasOwn(body, name) || Object.hasOwn(query, name));
  if (twice !== undefined) {
    throw new OpsroomError('USAGE', { what: `"${twice}" stands in the path; it is not given a second time.` });
  }
  return { ...body, ...query, ...path, ...readHeader(context, route, body) };
}

/** The member that comes in a header comes nowhere else, so that two values cannot differ. */
function readHeader(context: Context, { header }: Route, body: object): Record<string, string> {
  if (header === undefined) return {};
  if (Object.hasOwn(body, header.member)) {
    throw new OpsroomError('USAGE', { what: `"${header.member}" is given in the header ${header.name}.` });
  }
  const value = context.req.header(header.name);
  return value === undefined ? {} : { [header.member]: value };
}

/** The members of the query. @throws OpsroomError USAGE for one that is unknown, and for one given twice that is no list */
export function readQuery(params: URLSearchParams, forms: ReadonlyMap<string, QueryForm>): Record<string, unknown> {
  const names = [...new Set(params.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const form = forms.get(name);
      if (form === undefined) throw new OpsroomError('USAGE', { what: `The query has no "${name.slice(0, 100)}".` });
      return [name, readMember(name, params.getAll(name), form)];
    }),
  );
}

function readMember(name: string, values: readonly string[], form: QueryForm): unknown {
  for (const value of values) refuseText(value);
  if (form === 'list') return values;
  if (values.length > 1) throw new OpsroomError('USAGE', { what: `The query holds "${name}" more than once.` });
  const [value = ''] = values;
  if (form === 'number') return /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (form === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}

/** An operation whose body may be left out as a whole gets an empty one. */
export async function readBody(context: Context): Promise<Record<string, unknown>> {
  const bytes = new Uint8Array(await context.req.arrayBuffer());
  if (bytes.length === 0) return {};
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    // A page in a browser can send other types to any address without asking first.
    throw new OpsroomError('USAGE', {
      what: 'The body is not declared as JSON.',
      mend: 'Send `Content-Type: application/json`.',
    });
  }
  const value = parseBoundedJson(bytes);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new OpsroomError('USAGE', { what: 'The body is not a JSON object.' });
}
