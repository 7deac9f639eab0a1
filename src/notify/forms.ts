import { signatureHeader, signatureOf } from '#kit/standard-webhooks.js';
import { aside, type Message, type MessageItem } from './message.js';

/** What is sent over HTTP. */
export interface Posting {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
/** Slack refuses a section of more than 3000 characters, Discord a description of more than 4096; a headline stands before it. */
const LONGEST = 2200;

/** Slack's incoming webhook: mrkdwn in which titles are text, so that nobody is mentioned and no link disguised. */
export function slackPosting(message: Message): Posting {
  const lines = message.items.map((item) => linesOf(item, slackText, `<${item.url}|Look at it in the room>`));
  const text = [`*${slackText(message.headline)}*`, ...fitting(lines, message.more)].join('\n');
  const section = { type: 'section', text: { type: 'mrkdwn', text } };
  const body = { text: slackText(message.headline), blocks: [section], unfurl_links: false, unfurl_media: false };
  return { headers: JSON_TYPE, body: JSON.stringify(body) };
}

/** What Slack's mrkdwn would read as a mention, a link or an entity (docs.slack.dev, "Formatting message text"). */
const slackText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`]/g, (mark) => `${mark}\u200b`);

/** Discord's webhook, without mentions of anybody. */
export function discordPosting(message: Message): Posting {
  const lines = message.items.map((item) => linesOf(item, discordText, `[Look at it in the room](${item.url})`));
  const title = discordText(message.headline.slice(0, 100));
  const embed = { title, description: fitting(lines, message.more).join('\n') };
  return { headers: JSON_TYPE, body: JSON.stringify({ embeds: [embed], allowed_mentions: { parse: [] } }) };
}

const discordText = (text: string): string => text.replace(/[\\*_~`|>[\]()#@<-]/g, '\\$&');

function linesOf(item: MessageItem, text: (plain: string) => string, link: string): string {
  const side = aside(item);
  const rows = [text(item.title), item.detail ? text(item.detail) : '', side === '' ? '' : text(side), link];
  return rows.filter((row) => row !== '').join('\n');
}

/** As many whole items as fit, and how many do not. */
function fitting(items: readonly string[], more: number): string[] {
  const shown: string[] = [];
  let length = 0;
  for (const item of items) {
    length += item.length + 1;
    if (length > LONGEST) break;
    shown.push(item);
  }
  return [...shown, ...moreText(more + items.length - shown.length)];
}

const moreText = (more: number): string[] => (more > 0 ? [`and ${more} more`] : []);

/**
 * A webhook of one's own: the message as JSON, signed as Standard Webhooks do. The timestamp is what a receiver judges replays by.
 * @param id the same at every attempt
 */
export function signedPosting(message: Message, { id, at, key }: { id: string; at: Date; key: string }): Posting {
  const { event, headline, items, more } = message;
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const body = JSON.stringify({ type: event, timestamp: at.toISOString(), data: { headline, items, more } });
  const headers = {
    ...JSON_TYPE,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureHeader(signatureOf(key, { id, timestamp, body })),
  };
  return { headers, body };
}

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

/** Plain text: nothing in it can be clicked by a mail scanner to any effect, and nothing is drawn. */
export function letterOf(message: Message): Letter {
  const parts = message.items.map((item) =>
    [item.title, item.detail ?? '', aside(item), item.at, item.url].filter((row) => row !== '').join('\n'),
  );
  return {
    subject: `[Opsroom] ${message.headline}`.slice(0, 200),
    text: `${[message.headline, ...parts, ...moreText(message.more)].join('\n\n')}\n`,
  };
}
