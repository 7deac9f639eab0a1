import type { OpenApiDocument, OpenApiOperation } from './openapi.js';

/** What a custom GPT's importer takes: more operations, or longer texts, are refused by it. */
export const MOST_OPERATIONS = 30;
export const MOST_CHARACTERS = 300;

type Described = OpenApiOperation & { readonly responses: Readonly<Record<string, { readonly description: string }>> };

/** Keys are not shown in a chat, a bundle is not read there, and a stream has no end that could be answered. */
const LEFT_OUT =
  /^(keys\.|me\.|proofs\.|runboard\.|views\.|sessions\.(rename|archive|unarchive)|runs\.(events|followLogs|plan|artefact|log\w+|searchLog|archive|unarchive|bulk|bulkPreview)$)/;
/** An answer may have 100,000 characters. */
const MOST_LINES = 200;

/**
 * The operations that a custom GPT can use, as its importer wants them: one way to sign in, no header parameters, names
 * without dots, no references.
 *
 * @param document the whole API's
 * @param origin `https://room.example`, since an address of its own is required
 */
export function gptDocument(document: OpenApiDocument, origin: string): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const [path, methods] of Object.entries(document.paths)) {
    const kept = Object.entries(methods).filter(([, { operationId }]) => !LEFT_OUT.test(operationId));
    if (kept.length > 0)
      paths[path] = Object.fromEntries(kept.map(([method, one]) => [method, described(one as Described)]));
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

function described(one: Described): OpenApiOperation {
  const { operationId, summary, responses, parameters = [], requestBody } = one;
  const kept = parameters.filter((parameter) => parameter['in'] !== 'header').map(short);
  return {
    operationId: operationId.replaceAll('.', '_'),
    summary,
    description: one['description'],
    'x-openai-isConsequential': one['x-openai-isConsequential'],
    ...(kept.length > 0 ? { parameters: kept } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: Object.fromEntries(Object.entries(responses).filter(([status]) => status.startsWith('2'))),
  };
}

/** All lines of a log are more than an answer may hold, so the last ones are asked for. */
function short(parameter: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (parameter['name'] !== 'tail') return parameter;
  return { ...parameter, required: true, schema: { type: 'integer', minimum: 1, maximum: MOST_LINES } };
}
