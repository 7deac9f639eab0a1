export const ROOM_EVENTS_PATH = '/v1/events';

type Schema = Record<string, unknown>;

const ROOM_EXAMPLE = [
  'id: 81207',
  'data: {"reset":false,"events":[{"run":"019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20","title":"Say hello","lane":"B","seq":7,"type":"step.done","step":"hello","item":-1,"attempt":1,"data":{"word":"proven"},"at":"2026-11-21T06:16:22.000Z"}]}',
  '',
].join('\n');

/** The description of the stream of all events in the OpenAPI document. */
export function roomEventsDescription(refusals: Schema) {
  const place = { type: 'string', pattern: '^\\d{1,16}(-\\d{1,16})*$' };
  return {
    operationId: 'runboard.events',
    summary:
      'Follow all runs live: what happens, as it is committed, none left out and none twice, that of one run in order; without an end.',
    tags: ['runboard'],
    description:
      'Needs the permission `run:read`. A stream of server-sent events, each with the `events` that were committed together, with an `id` to be sent back as `Last-Event-ID`. Begins after the `cursor` of the Runboard, or now. `reset: true` says to read anew what you know: you came without a place, the place is not of this ledger (a backup was restored), or a flood was skipped. `event: problem` says why a stream is closed.',
    'x-opsroom-permission': 'run:read',
    'x-openai-isConsequential': false,
    parameters: [
      {
        name: 'after',
        in: 'query',
        required: false,
        schema: place,
        description: 'Goes on after this place.',
        example: '81200',
      },
      {
        name: 'floods',
        in: 'query',
        required: false,
        schema: { type: 'string', enum: ['tell', 'skip'], default: 'tell' },
        description:
          'With `skip`, when more happens than anybody reads, only `reset: true` is told, every one to three seconds; how much that is, and how often, depends on how many watch.',
        example: 'skip',
      },
      {
        name: 'Last-Event-ID',
        in: 'header',
        required: false,
        schema: place,
        description: 'The same; it wins.',
        example: '81200',
      },
    ],
    responses: {
      '200': {
        description: 'The stream.',
        content: { 'text/event-stream': { schema: { type: 'string' }, example: ROOM_EXAMPLE } },
      },
      ...refusals,
    },
  };
}
