/** Live events are no operation of the registry: they have no end that could be answered. */
export const EVENTS_PATH = '/v1/runs/{run}/events';

type Schema = Record<string, unknown>;

const EXAMPLE = [
  'id: 7',
  'data: {"seq":7,"type":"step.done","step":"hello","item":-1,"attempt":1,"data":{},"at":"2026-11-21T06:16:22.000Z"}',
  '',
  'event: end',
  'data: {}',
  '',
].join('\n');

/** The description of the event stream in the OpenAPI document. */
export function eventsDescription(refusals: Schema) {
  const after = { type: 'integer', minimum: 0 };
  return {
    operationId: 'runs.events',
    summary:
      'Follow a run live: its events as they are committed, in order, none left out and none twice, until it has ended and is sealed.',
    tags: ['runs'],
    description:
      'Needs the permission `run:read`. A stream of server-sent events. Each has `id: SEQ`; who lost the connection goes on with the header `Last-Event-ID`. `event: end` is the last of a run that has ended; `event: problem` says why a stream is closed.',
    'x-opsroom-permission': 'run:read',
    'x-openai-isConsequential': false,
    parameters: [
      {
        name: 'run',
        in: 'path',
        required: true,
        schema: { type: 'string', pattern: '^(last|[0-9a-fA-F-]{4,36})$' },
        example: 'last',
      },
      {
        name: 'after',
        in: 'query',
        required: false,
        schema: after,
        description: 'Only events after this one.',
        example: 0,
      },
      {
        name: 'Last-Event-ID',
        in: 'header',
        required: false,
        schema: after,
        description: 'The same; it wins.',
        example: 6,
      },
    ],
    responses: {
      '200': {
        description: 'The stream.',
        content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
      },
      ...refusals,
    },
  };
}
