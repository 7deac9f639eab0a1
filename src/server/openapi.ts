import { CATALOGUE } from '#kit/errors.js';
import { AUDIT_EXPORT_PATH, auditExportDescription } from './audit-export.js';
import { EXAMPLES } from './examples.js';
import { type Schema, schemaOf } from './json-schema.js';
import { ARTEFACT_PATH, artefactDescription, LOG_TEXT_PATH, logTextDescription } from './openapi-downloads.js';
import { EVENTS_PATH, eventsDescription, LOG_STREAM_PATH, logStreamDescription } from './openapi-events.js';
import { ROOM_EVENTS_PATH, roomEventsDescription } from './openapi-room-events.js';
import { pathMembers, type Routed, routed } from './routes.js';

/** An OpenAPI 3.1 document, as far as it is built here. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: object;
  readonly [member: string]: unknown;
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Schema[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly [member: string]: unknown;
}

/** Answers of which every operation may give any. */
const REFUSALS = {
  '400': 'The request is not understood.',
  '401': 'No key, or one that does not open the room.',
  '403': 'The key has not the permission that is named.',
  '404': 'There is no such thing.',
  default: 'Anything else that is wrong; see `code`.',
} as const;

/** The HTTP API as a program reads it, made from the registry, the table of routes and the schemas. */
export function openApiDocument(version: string): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const one of routed()) {
    const path = (paths[one.route.path] ??= {});
    path[one.route.method.toLowerCase()] = describe(one);
  }
  paths[ROOM_EVENTS_PATH] = { get: roomEventsDescription(refusals()) };
  paths[EVENTS_PATH] = { get: eventsDescription(refusals()) };
  paths[ARTEFACT_PATH] = { get: artefactDescription(refusals()) };
  paths[LOG_TEXT_PATH] = { get: logTextDescription(refusals()) };
  paths[AUDIT_EXPORT_PATH] = { get: auditExportDescription(refusals()) };
  paths[LOG_STREAM_PATH] = { get: logStreamDescription(refusals()) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Opsroom',
      version,
      summary: 'Compile plans, run them, follow them, and fetch the proof.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }, { bearer: [] }],
    tags: ['runboard', 'plans', 'runs', 'sessions', 'views', 'dashboard', 'audit', 'ai', 'proofs', 'keys', 'me'].map(
      (name) => ({
        name,
      }),
    ),
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'x-api-key',
          description: 'A key of this room: `opsroom keys create`.',
        },
        bearer: { type: 'http', scheme: 'bearer', description: 'The same key as `Authorization: Bearer KEY`.' },
      },
      schemas: { Problem: problemSchema() },
      responses: Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [
          `Problem${status}`,
          {
            description,
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
  };
}

/** The refusals of the components, for an operation's responses. */
function refusals(): Record<string, Schema> {
  return Object.fromEntries(
    Object.keys(REFUSALS).map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
  );
}

function describe(one: Routed): OpenApiOperation {
  const { operation, route } = one;
  const { name, summary, permission, consequential } = operation;
  const example = EXAMPLES[name];
  const input = schemaOf(operation.input, 'input');
  const split = splitInput(input, one, example?.input ?? {});
  const parameters = [...split.elsewhere, ...(route.rest === 'query' ? split.query() : [])];
  return {
    operationId: name,
    summary,
    tags: [name.slice(0, name.indexOf('.'))],
    description: `Needs the permission \`${permission}\`.`,
    'x-opsroom-permission': permission,
    'x-openai-isConsequential': consequential,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.rest === 'body' ? { requestBody: split.body() } : {}),
    responses: {
      [route.status]: {
        description: route.status === 201 ? 'It was made.' : 'It was done.',
        content: { 'application/json': { schema: schemaOf(operation.output, 'output'), example: example?.output } },
      },
      ...refusals(),
    },
  };
}

interface Split {
  /** What stands in the path and in a header. */
  readonly elsewhere: readonly Schema[];
  query(): Schema[];
  body(): NonNullable<OpenApiOperation['requestBody']>;
}

/** One input of an operation as the parameters and the body of a request. */
function splitInput(input: Schema, { route }: Routed, example: Readonly<Record<string, unknown>>): Split {
  const { properties, required = [], ...rest } = input as { properties: Record<string, Schema>; required?: string[] };
  const inPath = pathMembers(route.path);
  const inHeader = route.header === undefined ? [] : [route.header];
  const placed = new Set([...inPath, ...inHeader.map(({ member }) => member)]);
  const others = Object.entries(properties).filter(([name]) => !placed.has(name));
  const needed = required.filter((name) => !placed.has(name));
  const shown = (name: string) => (Object.hasOwn(example, name) ? { example: example[name] } : {});
  return {
    elsewhere: [
      ...inPath.map((name) => ({ name, in: 'path', required: true, schema: properties[name], ...shown(name) })),
      ...inHeader.map(({ name, member }) => ({
        name,
        in: 'header',
        required: required.includes(member),
        schema: properties[member],
        ...shown(member),
      })),
    ],
    query: () =>
      others.map(([name, schema]) => ({ name, in: 'query', required: needed.includes(name), schema, ...shown(name) })),
    body: () => {
      const schema = {
        ...rest,
        properties: Object.fromEntries(others),
        ...(needed.length > 0 ? { required: needed } : {}),
      };
      const body = Object.fromEntries(Object.entries(example).filter(([name]) => !placed.has(name)));
      const content = { 'application/json': { schema, example: body } };
      return { required: needed.length > 0, content };
    },
  };
}

const text = (description: string): Schema => ({ type: 'string', description });

function problemSchema(): Schema {
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'what', 'mend'],
    properties: {
      type: text('`urn:opsroom:error:CODE`.'),
      title: text('What the code means.'),
      status: { type: 'integer' },
      code: { type: 'string', enum: Object.keys(CATALOGUE) },
      what: text('What happened, in this case.'),
      where: text('Where: file, line and column; step; run; member of the request.'),
      mend: text('What to do about it.'),
      problems: { type: 'array', items: { type: 'object' }, description: 'Of a plan: all that is wrong with it.' },
    },
    example: {
      type: 'urn:opsroom:error:NOT_FOUND',
      title: 'There is no such thing.',
      status: 404,
      code: 'NOT_FOUND',
      what: 'There is no such run.',
      where: 'ffff',
      mend: 'List what there is: `opsroom runs`.',
    },
  };
}
