import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Codex asks of a model, as far as a script looks at it. */
export interface Asked {
  readonly tools?: readonly {
    readonly type: string;
    readonly name?: string;
    readonly tools?: readonly { name: string }[];
  }[];
  readonly input: readonly { readonly type: string; readonly call_id?: string; readonly output?: unknown }[];
}

/** Tools of an MCP server that are offered with the request; Codex starts servers meanwhile. */
export const toolsOf = ({ tools = [] }: Asked, server: string): string[] =>
  tools.filter(({ name }) => name === `mcp__${server}`).flatMap((space) => (space.tools ?? []).map(({ name }) => name));

/** What a call was answered with; undefined before. */
export const answerTo = ({ input }: Asked, id: string): string | undefined => {
  const found = input.find(({ type, call_id }) => type === 'function_call_output' && call_id === id);
  return found === undefined ? undefined : JSON.stringify(found.output);
};

/** Items of a response. */
export const say = (text: string): object => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  content: [{ type: 'output_text', text }],
});
export const call = (id: string, name: string, args: object, namespace?: string): object => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  ...(namespace === undefined ? {} : { namespace }),
  name,
  arguments: JSON.stringify(args),
});

function streamOf(id: string, item: object): string {
  const usage = { input_tokens: 100, output_tokens: 10, total_tokens: 110 };
  const events = [
    { type: 'response.created', response: { id } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { id, usage } },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

/** A model behind the Responses API with its namespaces of tools, which aimock does not speak. */
export async function responsesModel(next: (asked: Asked) => object): Promise<{ url: string; close(): Promise<void> }> {
  let count = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'POST') {
        const item = next(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked);
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(streamOf(`resp_${++count}`, item));
      } else response.writeHead(404).end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
