import { describe, expect, test } from 'vitest';
import { answerOutput } from './result.js';

const answer = (content: unknown, more: object = {}) => answerOutput({ content, ...more } as never, 'd');

describe('what a tool answered', () => {
  test('texts together, and what else there is', () => {
    const output = answer([
      { type: 'text', text: 'one' },
      { type: 'image', data: 'aGk=', mimeType: 'image/png' },
      { type: 'resource', resource: { uri: 'file:///a', text: 'inside', mimeType: 'text/plain' } },
      { type: 'resource_link', uri: 'file:///b', name: 'b' },
      { type: 'text', text: 'two' },
    ]);
    expect(output).toMatchObject({ text: 'one\ninside\ntwo', isError: false, truncated: false, definition: 'd' });
    expect(output['content']).toEqual([
      { type: 'text', text: 'one' },
      { type: 'image', mimeType: 'image/png', data: 'aGk=' },
      { type: 'resource', uri: 'file:///a', mimeType: 'text/plain', text: 'inside' },
      { type: 'resource_link', uri: 'file:///b', name: 'b' },
      { type: 'text', text: 'two' },
    ]);
  });

  test('is cut where it is large, and says so', () => {
    const long = answer([
      { type: 'text', text: 'x'.repeat(500_000) },
      { type: 'text', text: 'lost' },
    ]);
    expect(long).toMatchObject({ truncated: true });
    expect((long['text'] as string).length).toBeLessThan(400_010);
    const image = answer([{ type: 'image', data: 'A'.repeat(100_000), mimeType: 'image/png' }]);
    expect(image).toMatchObject({ truncated: true, content: [{ omitted: '75000 bytes' }] });
    expect(answer([], { structuredContent: { a: 'x'.repeat(500_000) } })).toMatchObject({
      structuredContent: null,
      truncated: true,
    });
    expect(answer(Array.from({ length: 2000 }, () => ({ type: 'text', text: '' })))).toMatchObject({ truncated: true });
  });

  test('blocks of no known kind are named, and nothing else of them is kept', () => {
    expect(answer([{ type: 'hologram', secret: { deep: [1] } }])['content']).toEqual([{ type: 'hologram' }]);
    expect(answer([{}])['content']).toEqual([{ type: 'unknown' }]);
  });
});
