import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock';

/** What the model says in one turn: words, or the call of a tool. */
export type Turn =
  | { readonly say: string; readonly used?: readonly [input: number, output: number] }
  | { readonly call: string; readonly args: object; readonly used?: readonly [input: number, output: number] };

export interface FakeModel {
  readonly url: string;
  /** What the tools answered, the latest request as a whole. */
  answers(): string[];
  /** Names of the tools that the program offered with its latest request. */
  tools(): string[];
  close(): Promise<void>;
}

/**
 * A model behind the real protocols (Messages for Claude Code, Responses for Codex) that says what it is told to: turn n to whoever
 * has n of its answers in the conversation. A turn that is missing never comes.
 */
export async function fakeModel(script: (request: ChatCompletionRequest) => readonly Turn[]): Promise<FakeModel> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
  let latest: ChatCompletionRequest | undefined;
  mock.addFixture({
    match: { predicate: () => true },
    response: async (request) => {
      latest = request;
      const turn = script(request)[request.messages.filter(({ role }) => role === 'assistant').length];
      return turn === undefined ? await new Promise<never>(() => {}) : responseOf(turn);
    },
  });
  await mock.start();
  return {
    url: mock.url,
    answers: () => (latest?.messages ?? []).filter(({ role }) => role === 'tool').map(({ content }) => textOf(content)),
    tools: () => (latest?.tools ?? []).map((tool) => tool.function.name),
    close: () => mock.stop(),
  };
}

function responseOf(turn: Turn) {
  const [input_tokens, output_tokens] = turn.used ?? [100, 10];
  const usage = { input_tokens, output_tokens };
  if ('say' in turn) return { content: turn.say, usage };
  return { toolCalls: [{ name: turn.call, arguments: JSON.stringify(turn.args) }], usage };
}

const textOf = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content));
