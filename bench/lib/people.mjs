// People who look at the Runboard, in a process of their own: what their page asks of the room, without what a browser draws.
import { fork } from 'node:child_process';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';

/** What events alone do not tell is read again at most so often: `AT_MOST_MS` of web/runboard/use-board.ts. */
const BOARD_MS = 1000;
/** That it is to be read again: a run began or ended, or a flood was skipped. */
const BEHIND = /"reset":true|"type":"run\./;

/**
 * So many open streams of all that happens, each with reads of the board as its page makes them.
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
  const told = { events: 0, bytes: 0, boards: 0 };
  // As a browser asks; what a browser does with it, it does on its own machine. One reads for all what they are told.
  const zipped = { 'x-api-key': key, 'accept-encoding': 'gzip, deflate, br' };
  const people = Array.from({ length: count }, () => ({ lastMs: Number.NEGATIVE_INFINITY, timer: undefined }));
  const readBoard = (person) => {
    person.timer = undefined;
    person.lastMs = performance.now();
    told.boards += 1;
    get(`${url}/v1/runboard`, { headers: zipped }, (answer) => answer.resume());
  };
  const behind = (person) => {
    person.timer ??= setTimeout(readBoard, Math.max(0, person.lastMs + BOARD_MS - performance.now()), person);
  };
  const follow = (person) =>
    new Promise((resolve, reject) => {
      const reads = person === people[0];
      const headers = reads ? { 'x-api-key': key } : zipped;
      const request = get(`${url}/v1/events?floods=skip`, { headers, agent: false }, (answer) => {
        answer.on('data', (chunk) => {
          told.events += 1;
          told.bytes += chunk.length;
          if (reads && BEHIND.test(chunk)) for (const one of people) behind(one);
        });
        answer.on('error', () => undefined);
        resolve();
      });
      request.on('error', reject);
    });
  await Promise.all(people.map(follow));
  process.send('looking');
  process.once('message', () => process.send(told, () => process.exit()));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await look(process.argv[2], process.argv[3], Number(process.argv[4]));
