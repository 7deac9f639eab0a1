import { z } from 'zod';
import { startHttpServer } from '../../harness/http-server.js';
import { freePort } from '../../harness/ports.js';
import { partFile, startPart } from '../run-part.js';
import { forward } from './forward.js';

export const PRISM = '@stoplight/prism-cli';
export const OPENAPI = '@octokit/openapi';

/** Where something is not as the contract has it: `request` or `response` and the way from there. */
const violationsSchema = z.array(
  z.object({ location: z.array(z.union([z.string(), z.number()])), message: z.string() }),
);

/** A request that came by. */
interface Passed {
  /** Method, path and query. */
  readonly asked: string;
  readonly status: number;
  readonly violations: z.output<typeof violationsSchema>;
}

export interface Contract {
  readonly url: string;
  readonly passed: readonly Passed[];
  /** What was not as the contract has it: each with its request. */
  broken(by: 'request' | 'response'): string[];
  close(): Promise<void>;
}

/**
 * GitHub's official OpenAPI document, served by Prism: in front of a server that speaks for GitHub, or without one by the
 * document's own examples. Nothing is refused; what breaks the contract is written down.
 */
export async function startContract(
  upstream: string | undefined,
  product: 'api.github.com' | 'ghes-3.17' = 'api.github.com',
): Promise<Contract> {
  const port = await freePort();
  const document = partFile(`${OPENAPI}/generated/${product}.json`);
  const served = upstream === undefined ? ['mock', document] : ['proxy', document, upstream];
  const prism = await startPart(`${PRISM}/dist/index.js`, [...served, '-h', '127.0.0.1', '-p', String(port)], port);
  const passed: Passed[] = [];
  const door = await startHttpServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    // GitHub takes its own name for JSON, which its document does not have; only examples are chosen by it.
    if (upstream === undefined) request.headers.accept = 'application/json';
    const note = async (answer: Response) =>
      passed.push({ asked, status: answer.status, violations: await violationsOf(answer) });
    forward(`http://127.0.0.1:${port}`, request, response, note).catch((error: unknown) => {
      passed.push({ asked, status: 502, violations: [{ location: ['response'], message: String(error) }] });
      response.writeHead(502).end();
    });
  });
  return {
    url: door.url,
    passed,
    broken: (by) =>
      passed.flatMap(({ asked, violations }) =>
        violations
          .filter(({ location }) => location[0] === by)
          .map(({ location, message }) => `${asked}: ${location.join('.')}: ${message}`),
      ),
    close: async () => {
      await door.close();
      await prism.stop();
    },
  };
}

/** Prism's own words: a header, or an answer in the place of the server's. */
async function violationsOf(answer: Response): Promise<Passed['violations']> {
  const header = answer.headers.get('sl-violations');
  const told = header === null ? [] : violationsSchema.parse(JSON.parse(header));
  const isPrism = (answer.headers.get('content-type') ?? '').startsWith('application/problem+json');
  return isPrism ? [...told, { location: ['request'], message: await answer.text() }] : told;
}
