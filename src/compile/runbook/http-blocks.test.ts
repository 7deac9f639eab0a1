import { expect, test } from 'vitest';
import { builtIn } from '../../operations/contracts.js';
import { compileRunbook } from './runbook.js';

const { contracts } = builtIn();
const request = (text: string, info = 'http') => `\`\`\`${info}\n${text}\n\`\`\`\n\n`;
/** The question of the first step, and what is sent without one. */
const first = async (text: string) => {
  const [step] = (await compileRunbook({ text: `# R\n\n## Release\n\n${text}`, file: 'r.md' }, contracts)).plan.steps;
  const { instructions, url, method } = step?.args ?? {};
  return {
    asks: instructions,
    sends: typeof url === 'string' && typeof method === 'string' ? `${method} ${url}` : undefined,
  };
};

test.each([
  ['DELETE http://web.test/users/3', 'sends a DELETE request'],
  ['GET http://web.test/users?action=delete&id=3', 'asks a server to delete'],
  ['POST http://web.test/_cache/purge\nAccept: text/plain', 'asks a server to purge'],
])('a request that removes something asks first: %s', async (text, reason) => {
  for (const info of ['http', 'http {run}', 'http {verify}']) {
    const { asks, sends } = await first(request(text, info));
    expect(sends).toBeUndefined();
    expect(asks).toContain(reason);
  }
});

test.each(['POST http://web.test/users', 'GET http://web.test/users/deleted', 'PUT http://web.test/users/3'])(
  'another does not: %s',
  async (text) => {
    expect(await first(request(text))).toEqual({ asks: undefined, sends: text });
  },
);
