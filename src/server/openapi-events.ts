/** Live events are no operation of the registry: they have no end that could be answered. */
export const EVENTS_PATH = '/v1/runs/{run}/events';
export const LOG_STREAM_PATH = '/v1/runs/{run}/logs/stream';

type Schema = Record<string, unknown>;

const EXAMPLE = [
  'id: 7',
  'data: {"seq":7,"type":"step.done","step":"hello","item":-1,"attempt":1,"data":{},"at":"2026-11-21T06:16:22.000Z"}',
  '',
  'event: end',
  'data: {}',
  '',
].join('\n');

const RUN = {
  name: 'run',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^(last|[0-9a-fA-F-]{4,36})$' },
  example: 'last',
};

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
      RUN,
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

const LOG_EXAMPLE = [
  'id: i1bKSM3JyVeyMtQz1DPUUTKO1QEA',
  'data: [{"step":"hello","item":-1,"attempt":1,"number":1,"stream":"out","text":"hello","dropped":0}]',
  '',
  'event: end',
  'data: {}',
  '',
].join('\n');

/** The description of the log stream in the OpenAPI document. */
export function logStreamDescription(refusals: Schema) {
  const optional = (name: string, where: string, schema: Schema, description: string) => ({
    name,
    in: where,
    required: false,
    schema,
    description,
  });
  return {
    operationId: 'runs.followLogs',
    summary:
      'Follow what the steps of a run print, as it is committed, none left out and none twice, until the run has ended or waits for a person.',
    tags: ['runs'],
    description:
      'Needs the permission `run:read`. A stream of server-sent events, each a list of lines of one attempt, with an `id` to be sent back as `Last-Event-ID` by who lost the connection. `event: end` is the last; `event: problem` says why a stream is closed.',
    'x-opsroom-permission': 'run:read',
    'x-openai-isConsequential': false,
    parameters: [
      RUN,
      optional('step', 'query', { type: 'string' }, 'Only this step.'),
      optional(
        'tail',
        'query',
        { type: 'integer', minimum: 1 },
        'Of what was printed before, only the last so many lines of each attempt.',
      ),
      optional(
        'after',
        'query',
        { type: 'string' },
        'Goes on after the event of this id, where no header can be sent.',
      ),
      optional(
        'Last-Event-ID',
        'header',
        { type: 'string' },
        'Goes on after the event of this id; `tail` is then not looked at.',
      ),
    ],
    responses: {
      '200': {
        description: 'The stream.',
        content: { 'text/event-stream': { schema: { type: 'string' }, example: LOG_EXAMPLE } },
      },
      ...refusals,
    },
  };
}
