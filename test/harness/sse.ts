/** One server-sent event, or a comment, which has neither id nor data. */
export interface Sent {
  readonly event: string;
  readonly id: number | undefined;
  /** The id as it came; empty: none. */
  readonly rawId: string;
  readonly data: string;
  readonly comment: string;
}

/** The pieces of an event stream as they come. Leaving the loop breaks the connection. */
export async function* sentEvents(answer: Response): AsyncGenerator<Sent> {
  if (!answer.ok || answer.body === null) throw new Error(`${answer.status} ${await answer.text()}`);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of answer.body as unknown as AsyncIterable<Uint8Array>) {
    const pieces = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) yield parsed(piece);
  }
}

function parsed(piece: string): Sent {
  const fields = new Map(
    piece
      .split('\n')
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const id = fields.get('id');
  return {
    event: fields.get('event') ?? 'message',
    id: id === undefined ? undefined : Number(id),
    rawId: id ?? '',
    data: fields.get('data') ?? '',
    comment: fields.get('') ?? '',
  };
}
