import type { JsonObject } from '#ir/json.js';

const REQUEST = /^(?:(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)\s+)?(https?:\/\/\S+)(?:\s+HTTP\/\d(?:\.\d)?)?\s*$/i;

/**
 * Reads a request as `.http` files write it: `METHOD URL`, header lines, an empty line, the body. Gives the arguments of the
 * http tool; undefined when the text is something else (an answer, several requests, a URL without a host).
 */
export function readHttpRequest(text: string): JsonObject | undefined {
  const lines = text.split('\n').filter((line) => !/^\s*(?:#|\/\/)/.test(line));
  const start = lines.findIndex((line) => line.trim() !== '');
  const [, method = 'GET', url] = REQUEST.exec(lines[start]?.trim() ?? '') ?? [];
  if (url === undefined) return undefined;
  const rest = lines.slice(start + 1);
  if (rest.some((line) => REQUEST.test(line.trim()))) return undefined;
  const blank = rest.findIndex((line) => line.trim() === '');
  const head = blank === -1 ? rest : rest.slice(0, blank);
  const headers: Array<[string, string]> = [];
  for (const line of head) {
    const [, name, value] = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line.trim()) ?? [];
    if (name === undefined || value === undefined) return undefined;
    headers.push([name, value]);
  }
  const body =
    blank === -1
      ? ''
      : rest
          .slice(blank + 1)
          .join('\n')
          .trim();
  return {
    method: method.toUpperCase(),
    url,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...(body === '' ? {} : { body, bodyType: 'text' }),
  };
}
