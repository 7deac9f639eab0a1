/** A stream of a room's events that is open. `next()`: how long each event of the next batch was under way, in ms. */
export async function watchRoom(room) {
  const gone = new AbortController();
  const answer = await room.get('/v1/events', { signal: gone.signal });
  if (!answer.ok) throw new Error(`events: ${answer.status}`);
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  const next = async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error('the stream has ended');
      const pieces = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      const received = Date.now();
      rest = pieces.pop() ?? '';
      const events = pieces.flatMap((piece) => {
        const data = piece.split('\n').find((line) => line.startsWith('data: '));
        return data === undefined ? [] : JSON.parse(data.slice(6)).events;
      });
      if (events.length > 0) return events.map(({ at }) => received - Date.parse(at));
    }
  };
  return { next, close: () => gone.abort() };
}
