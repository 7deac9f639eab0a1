import { agentRoutes } from './agent-routes.js';
import type { OpenApiDocument, OpenApiOperation } from './openapi.js';
import { routed } from './routes.js';

/** What a custom GPT's importer takes: more operations, or longer texts, are refused by it. */
export const GPT_LIMITS = { operations: 30, summary: 300, description: 700, operationId: 64 } as const;

type Schema = Readonly<Record<string, unknown>>;

/** An answer may have 100,000 characters. */
const MOST_LINES = 200;

/**
 * The operations that a custom GPT can use, as its importer wants them: one way to sign in, no header parameters, names
 * without dots, no references, every object with its properties.
 *
 * @param document the whole API's
 * @param origin `https://room.example`, since an address of its own is required
 */
export function gptDocument(document: OpenApiDocument, origin: string): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  const known = new Map(
    Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .map((one) => [one.operationId, one]),
  );
  for (const { operation, route } of agentRoutes(routed())) {
    const one = known.get(operation.name);
    if (one) (paths[route.path] ??= {})[route.method.toLowerCase()] = described(one);
  }
  return {
    openapi: '3.1.0',
    info: document.info,
    servers: [{ url: origin }],
    security: [{ bearer: [] }],
    paths,
    components: { schemas: {}, securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  };
}

function described(one: OpenApiOperation): OpenApiOperation {
  const { operationId, summary, parameters = [], requestBody } = one;
  const responses = one['responses'] as Readonly<Record<string, Schema>>;
  const kept = parameters.filter((parameter) => parameter['in'] !== 'header').map(parameterOf);
  return {
    operationId: operationId.replaceAll('.', '_'),
    summary: shortened(summary, GPT_LIMITS.summary),
    description: shortened(String(one['description']), GPT_LIMITS.description),
    'x-openai-isConsequential': one['x-openai-isConsequential'],
    ...(kept.length > 0 ? { parameters: kept } : {}),
    ...(requestBody ? { requestBody: told(requestBody) as NonNullable<OpenApiOperation['requestBody']> } : {}),
    responses: Object.fromEntries(
      Object.entries(responses)
        .filter(([status]) => status.startsWith('2'))
        .map(([status, answer]) => [status, told(answer)]),
    ),
  };
}

/** All lines of a log are more than an answer may hold, so the last ones are asked for. */
function parameterOf(parameter: Schema): Record<string, unknown> {
  const said = told(parameter) as Record<string, unknown>;
  if (said['name'] !== 'tail') return said;
  return { ...said, required: true, schema: { type: 'integer', minimum: 1, maximum: MOST_LINES } };
}

/** The importer wants each object to name its properties, and descriptions that are short. */
function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]): [string, unknown] =>
    name === 'example' || name === 'examples' || name === 'default' || name === 'enum' || name === 'const'
      ? [name, member]
      : name === 'description' && typeof member === 'string'
        ? [name, shortened(member, GPT_LIMITS.description)]
        : [name, told(member)],
  );
  const schema = Object.fromEntries(members);
  return schema['type'] === 'object' && !Object.hasOwn(schema, 'properties') ? { ...schema, properties: {} } : schema;
}

const shortened = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
