import type { CallToolResult } from '@modelcontextprotocol/client';
import type { JsonObject, JsonValue } from '#ir/json.js';

/** Of an image or a sound, as text; larger ones are named and left out. */
const MOST_BLOB = 64 * 1024;
/** Of all texts together: what a step may put out, with room for the rest. */
const MOST_TEXT = 400_000;
const MOST_STRUCTURED = 400_000;
const MOST_BLOCKS = 1000;

/**
 * What a tool answered, as the output of its step: `{ text, content, structuredContent, isError, truncated, definition }`. `text`
 * is all texts of the content together.
 *
 * @param definition digest of the definition that was consented to
 */
export function answerOutput(result: CallToolResult, definition: string): JsonObject {
  const blocks = (result.content ?? []) as readonly Readonly<Record<string, unknown>>[];
  const budget = { left: MOST_TEXT, truncated: blocks.length > MOST_BLOCKS };
  const content = blocks.slice(0, MOST_BLOCKS).map((block) => shownBlock(block, budget));
  const structured = structuredOf(result.structuredContent);
  if (structured === undefined) budget.truncated = true;
  return {
    text: content.flatMap((block) => (typeof block['text'] === 'string' ? [block['text']] : [])).join('\n'),
    content,
    structuredContent: structured ?? null,
    isError: result.isError === true,
    truncated: budget.truncated,
    definition,
  };
}

/** Undefined: too large. */
function structuredOf(value: unknown): JsonValue | undefined {
  if (value === undefined) return null;
  return JSON.stringify(value).length > MOST_STRUCTURED ? undefined : (value as JsonValue);
}

interface Budget {
  left: number;
  truncated: boolean;
}

function shownBlock(block: Readonly<Record<string, unknown>>, budget: Budget): JsonObject {
  const { type, text, data, mimeType, uri, name, resource } = block;
  const kind = typeof type === 'string' ? type.slice(0, 50) : 'unknown';
  if (typeof text === 'string') return { type: kind, text: spend(text, budget) };
  if (typeof data === 'string') return { type: kind, ...named({ mimeType }), ...blob(data, budget) };
  if (typeof resource !== 'object' || resource === null) return { type: kind, ...named({ uri, name, mimeType }) };
  const inner = resource as Readonly<Record<string, unknown>>;
  const { text: words, blob: bytes } = inner;
  return {
    type: kind,
    ...named({ uri: inner['uri'], mimeType: inner['mimeType'] }),
    ...(typeof words === 'string' ? { text: spend(words, budget) } : {}),
    ...(typeof bytes === 'string' ? blob(bytes, budget) : {}),
  };
}

function spend(text: string, budget: Budget): string {
  const kept = text.slice(0, budget.left);
  if (kept.length < text.length) budget.truncated = true;
  budget.left -= kept.length;
  return kept;
}

function blob(data: string, budget: Budget): JsonObject {
  if (data.length <= Math.min(MOST_BLOB, budget.left)) return { data: spend(data, budget) };
  budget.truncated = true;
  return { omitted: `${Math.floor((data.length * 3) / 4)} bytes` };
}

/** Those that are text, cut. */
function named(members: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.slice(0, 2000)]] : [],
    ),
  );
}
