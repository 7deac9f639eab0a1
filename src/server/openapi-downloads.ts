/** Files are no operations of the registry: their answers are no JSON. */
export const ARTEFACT_PATH = '/v1/runs/{run}/artefacts/{digest}';
export const LOG_TEXT_PATH = '/v1/runs/{run}/logs/text';

type Schema = Record<string, unknown>;

const RUN = {
  name: 'run',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^(last|[0-9a-fA-F-]{4,36})$' },
  example: 'last',
};
const READS = { tags: ['runs'], 'x-opsroom-permission': 'run:read', 'x-openai-isConsequential': false } as const;

/** The description of an artefact's download in the OpenAPI document. */
export function artefactDescription(refusals: Schema) {
  const example = '9f86d081884c7d65'.repeat(4);
  return {
    ...READS,
    operationId: 'runs.artefact',
    summary: 'Download a file that a run kept, by its SHA-256.',
    description: 'Needs the permission `run:read`. Always an attachment, whatever it holds.',
    parameters: [
      RUN,
      { name: 'digest', in: 'path', required: true, schema: { type: 'string', pattern: '^[0-9a-f]{64}$' }, example },
    ],
    responses: {
      '200': {
        description: 'The file.',
        content: { 'application/octet-stream': { schema: { type: 'string' }, example: 'hello\n' } },
      },
      ...refusals,
    },
  };
}

/** The description of a log's download in the OpenAPI document. */
export function logTextDescription(refusals: Schema) {
  const query = (name: string, schema: Schema, example: unknown, required = false) => ({
    name,
    in: 'query',
    required,
    schema,
    example,
  });
  return {
    ...READS,
    operationId: 'runs.logText',
    summary: 'Download the whole log of one attempt as text; secrets are masked.',
    description: 'Needs the permission `run:read`. Always an attachment.',
    parameters: [
      RUN,
      query('step', { type: 'string' }, 'hello', true),
      query('attempt', { type: 'integer', minimum: 1 }, 1, true),
      query('item', { type: 'integer', minimum: -1 }, -1),
      query('revision', { type: 'integer', minimum: 0 }, 0),
    ],
    responses: {
      '200': { description: 'The log.', content: { 'text/plain': { schema: { type: 'string' }, example: 'hello\n' } } },
      ...refusals,
    },
  };
}
