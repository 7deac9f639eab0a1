import { type CallToolResult, Server, type ServerContext } from '@modelcontextprotocol/server';

/** A dot, and a tone of no length: the smallest that are what they say. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

const text = (words: string): CallToolResult['content'][number] => ({ type: 'text', text: words });
const image = { type: 'image', data: PNG, mimeType: 'image/png' } as const;
const embedded = {
  type: 'resource',
  resource: { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource content.' },
} as const;

type Fixture = (context: ServerContext) => CallToolResult | Promise<CallToolResult>;

/** The tools that the suite asks for by their names. */
const TOOLS: Readonly<Record<string, Fixture>> = {
  test_simple_text: () => ({ content: [text('This is a simple text response for testing.')] }),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({ content: [embedded] }),
  test_multiple_content_types: () => ({ content: [text('Multiple content types test:'), image, embedded] }),
  test_error_handling: () => ({
    content: [text('This tool intentionally returns an error for testing')],
    isError: true,
  }),
  test_tool_with_progress: async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken ?? 'none';
    for (const progress of [0, 50, 100])
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
    return { content: [text('Done.')] };
  },
  json_schema_2020_12_tool: () => ({ content: [text('Done.')] }),
};

const SCHEMAS: Readonly<Record<string, object>> = {
  json_schema_2020_12_tool: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $defs: {
      address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
    },
    properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
    additionalProperties: false,
  },
};

const said = (words: string) => ({ role: 'user' as const, content: { type: 'text' as const, text: words } });

const PROMPTS: Readonly<Record<string, (given: Readonly<Record<string, string>>) => object[]>> = {
  test_simple_prompt: () => [said('This is a simple prompt for testing.')],
  test_prompt_with_arguments: ({ arg1 = '', arg2 = '' }) => [
    said(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`),
  ],
  test_prompt_with_embedded_resource: ({ resourceUri: uri = '' }) => [
    { role: 'user', content: { type: 'resource', resource: { uri, mimeType: 'text/plain', text: 'Embedded.' } } },
    said('Please process the embedded resource above.'),
  ],
  test_prompt_with_image: () => [{ role: 'user', content: image }, said('Please analyze the image above.')],
};

function read(uri: string) {
  if (uri === 'test://static-binary') return { uri, mimeType: 'image/png', blob: PNG };
  const [, id] = /^test:\/\/template\/(.+)\/data$/.exec(uri) ?? [];
  if (id === undefined)
    return { uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' };
  return {
    uri,
    mimeType: 'application/json',
    text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  };
}

/** What the suite wants to find on a server, none of which a room has. */
export function fixtures(): Server {
  const server = new Server(
    { name: 'fixtures', version: '1.0.0' },
    { capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} } },
  );
  server.setRequestHandler('tools/list', () => ({
    tools: Object.keys(TOOLS).map((name) => ({
      name,
      description: name,
      inputSchema: { type: 'object', properties: {}, ...SCHEMAS[name] },
    })),
  }));
  server.setRequestHandler('tools/call', ({ params: { name } }, context) => {
    const tool = TOOLS[name];
    if (!tool) throw new Error(`There is no ${name}.`);
    return tool(context);
  });
  server.setRequestHandler('resources/list', () => ({
    resources: ['test://static-text', 'test://static-binary'].map((uri) => ({ uri, name: uri, description: uri })),
  }));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', description: 'A template' }],
  }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => ({ contents: [read(uri)] }));
  server.setRequestHandler('prompts/list', () => ({
    prompts: Object.keys(PROMPTS).map((name) => ({ name, description: name })),
  }));
  server.setRequestHandler('prompts/get', ({ params: { name, arguments: given = {} } }) => ({
    messages: (PROMPTS[name]?.(given) ?? []) as never,
  }));
  server.setRequestHandler('completion/complete', () => ({ completion: { values: [], hasMore: false } }));
  return server;
}
