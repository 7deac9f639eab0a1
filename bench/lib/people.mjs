// People who look at the Runboard, in a process of their own: what their page asks of the room, without what a browser draws.
import { fork } from 'node:child_process';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';

/** What the page reads again while runs come and go: `AT_MOST_MS` of web/runboard/use-board.ts. */
const BOARD_MS = 1000;

/**
 * So many open streams of all that happens, each with a read of the board once a second.
 *
 * @returns `leave()` ends them and says what they were told, all together
 */
export async function startPeople({ url, key }, count) {
  const child = fork(fileURLToPath(import.meta.url), [url, key, String(count)]);
  const next = () => new Promise((resolve) => child.once('message', resolve));
  await next();
  return {
    leave: async () => {
      const told = next();
      child.send('leave');
      return told;
    },
  };
}

async function look(url, key, count) {
  const told = { events: 0, bytes: 0 };
  // As a browser asks; what a browser does with it, it does on its own machine.
  const headers = { 'x-api-key': key, 'accept-encoding': 'gzip, deflate, br' };
  const streams = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const request = get(`${url}/v1/events`, { headers, agent: false }, (answer) => {
            answer.on('data', (chunk) => {
              told.events += 1;
              told.bytes += chunk.length;
            });
            answer.on('error', () => undefined);
            resolve(request);
          });
          request.on('error', reject);
        }),
    ),
  );
  const boards = streams.map((_, n) =>
    setTimeout(
      () =>
        boards.push(setInterval(() => get(`${url}/v1/runboard`, { headers }, (answer) => answer.resume()), BOARD_MS)),
      (n * BOARD_MS) / count,
    ),
  );
  process.send('looking');
  process.once('message', () => process.send(told, () => process.exit()));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await look(process.argv[2], process.argv[3], Number(process.argv[4]));
