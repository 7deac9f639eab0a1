import { isUtf8 } from 'node:buffer';
import type { FetchReply } from './fetch.js';

/** A body as JSON data: parsed when it says it is JSON and is whole, text when it is text, else base64. */
export interface ReadableBody {
  readonly body: unknown;
  readonly bodyEncoding: 'json' | 'text' | 'base64';
}

/** Reads a reply by its content type; never throws, for a server may say anything. */
export function readableBody(reply: Pick<FetchReply, 'body' | 'headers' | 'truncated'>): ReadableBody {
  const type = (reply.headers['content-type'] ?? '').toLowerCase();
  const text = bodyText(reply, type);
  if (text === undefined) return { body: reply.body.toString('base64'), bodyEncoding: 'base64' };
  if (reply.truncated || !/^[^;]*[/+]json\s*(;|$)/.test(type)) return { body: text, bodyEncoding: 'text' };
  try {
    return { body: JSON.parse(text), bodyEncoding: 'json' };
  } catch {
    return { body: text, bodyEncoding: 'text' };
  }
}

/** A multi-byte character cut at the end of a truncated body does not make it binary. */
function bodyText(reply: Pick<FetchReply, 'body' | 'truncated'>, type: string): string | undefined {
  const charset = /charset="?([a-z0-9_-]+)/.exec(type)?.[1] ?? 'utf-8';
  const utf8 = charset === 'utf-8' || charset === 'utf8';
  if (utf8 && !isUtf8(reply.body) && !(reply.truncated && type.startsWith('text/'))) return undefined;
  try {
    return new TextDecoder(charset).decode(reply.body);
  } catch {
    return undefined;
  }
}
