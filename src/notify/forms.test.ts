import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discordPosting, letterOf, signedPosting, slackPosting } from './forms.js';
import { messageOf } from './message.js';
import type { NoticeFacts } from './rule.js';

const facts = (more: Partial<NoticeFacts> = {}): NoticeFacts => ({
  title: 'Deploy the shop',
  detail: 'The server answered 502',
  by: 'person:ada@example.com',
  lane: 'B',
  environment: 'staging',
  app: 'shop',
  path: '/runs/1',
  at: '2026-01-02T03:04:05.000Z',
  ...more,
});
const message = (...all: NoticeFacts[]) => messageOf('run.failed', all, 'http://room.example');
const hostile = '<!channel> <https://evil.example|Look> *bold* @everyone [x](https://evil.example)';

describe('a message', () => {
  test('of one thing names it; of several counts them, shows ten and says how many more', () => {
    expect(message(facts()).headline).toBe('Failed: Deploy the shop');
    const many = message(...Array.from({ length: 14 }, (_, n) => facts({ path: `/runs/${n}` })));
    expect([many.headline, many.items.length, many.more]).toEqual(['14 runs failed', 10, 4]);
    expect(many.items.at(-1)?.url).toBe('http://room.example/runs/13');
  });

  test('has no line breaks or control characters of a title, and an end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1000 }), (title) => {
        const { headline } = message(facts({ title }));
        expect(headline).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(headline.length).toBeLessThanOrEqual(310);
      }),
    );
  });
});

test('Slack: titles are text, so that nobody is called and no link is disguised', () => {
  const { body } = slackPosting(message(facts({ title: hostile })));
  const { text, blocks } = JSON.parse(body) as { text: string; blocks: { text: { text: string } }[] };
  const shown = blocks[0]?.text.text ?? '';
  for (const one of [text, shown]) expect(one).not.toMatch(/<!|<https:\/\/evil/);
  expect(shown).toContain('&lt;!channel&gt;');
  expect(shown).toContain('<http://room.example/runs/1|Look at it in the room>');
});

test('Discord: mentions are off, and marks are text', () => {
  const sent = JSON.parse(discordPosting(message(facts({ title: hostile }))).body) as Record<string, unknown>;
  expect(sent['allowed_mentions']).toEqual({ parse: [] });
  expect(JSON.stringify(sent['embeds'])).not.toContain('[x](https://evil.example)');
});

test('forms stay within what Slack and Discord take', () => {
  const long = message(
    ...Array.from({ length: 10 }, () => facts({ title: 'x'.repeat(5000), detail: '<'.repeat(5000) })),
  );
  const slack = JSON.parse(slackPosting(long).body) as { blocks: { text: { text: string } }[] };
  expect(slack.blocks[0]?.text.text.length).toBeLessThanOrEqual(3000);
  const discord = JSON.parse(discordPosting(long).body) as { embeds: { title: string; description: string }[] };
  expect(discord.embeds[0]?.title.length).toBeLessThanOrEqual(256);
  expect(discord.embeds[0]?.description.length).toBeLessThanOrEqual(4096);
});

test('the signature is that of Standard Webhooks', () => {
  const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const at = new Date('2021-02-25T00:00:00Z');
  const { headers, body } = signedPosting(message(facts()), { id: 'msg_1', at, key });
  expect(headers['webhook-timestamp']).toBe('1614211200');
  expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
  const other = signedPosting(message(facts()), { id: 'msg_2', at, key });
  expect(other.headers['webhook-signature']).not.toBe(headers['webhook-signature']);
  expect(JSON.parse(body)).toMatchObject({ type: 'run.failed', timestamp: '2021-02-25T00:00:00.000Z' });
});

test('a letter is plain text, its subject one line', () => {
  const { subject, text } = letterOf(message(facts({ title: 'a\r\nBcc: b@example.com' })));
  expect(subject).toBe('[Opsroom] Failed: a Bcc: b@example.com');
  expect(text).toContain('http://room.example/runs/1');
  expect(text).toContain('staging · shop · lane B · asked by person:ada@example.com');
});
