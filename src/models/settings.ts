import { OpsroomError } from '#kit/errors.js';
import { OWN_PRICE, type Price } from './prices.js';

export interface ModelSettings {
  readonly provider: 'openai' | 'anthropic' | 'compatible';
  readonly model: string;
  /** Where it is asked; undefined: at the provider's own address. */
  readonly baseUrl: string | undefined;
  /** What its owner pays, in US dollars for a million tokens; undefined: the maker's list price. */
  readonly price: Price | undefined;
  /** Name of the secret that holds its key; a compatible server may want none. */
  readonly secret: string;
}

const SECRETS = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY', compatible: 'MODEL_API_KEY' } as const;

/** What the environment says of the language model. */
interface ModelWords {
  readonly model: string;
  /** Of its server. */
  readonly url: string | undefined;
  /** `0.25/2`: US dollars for a million tokens, in and out. */
  readonly price: string | undefined;
}

/**
 * Which model is to be used: `openai:gpt-5-mini`, `anthropic:claude-sonnet-4-5`, `compatible:llama3` with the address of its server.
 * @throws OpsroomError USAGE
 */
export function modelSettings({ model: text, url: baseUrl, price }: ModelWords): ModelSettings {
  const [, provider = '', model = ''] = /^(openai|anthropic|compatible):(\S{1,200})$/.exec(text) ?? [];
  const wrong = (what: string) =>
    new OpsroomError('USAGE', {
      what,
      where: 'OPSROOM_MODEL',
      mend: 'Write openai:MODEL, anthropic:MODEL or compatible:MODEL.',
    });
  if (!isProvider(provider)) throw wrong('OPSROOM_MODEL names no model.');
  if (baseUrl === undefined && provider === 'compatible') throw wrong('A compatible server needs OPSROOM_MODEL_URL.');
  if (baseUrl !== undefined && !/^https?:$/.test(protocolOf(baseUrl))) throw wrong('OPSROOM_MODEL_URL is no address.');
  return { provider, model, baseUrl, price: ownPrice(price), secret: SECRETS[provider] };
}

function ownPrice(text: string | undefined): Price | undefined {
  if (text === undefined) return undefined;
  const [, input, output] = /^(\d{1,6}(?:\.\d{1,6})?)\/(\d{1,6}(?:\.\d{1,6})?)$/.exec(text) ?? [];
  if (input !== undefined && output !== undefined) return [Number(input), Number(output)];
  throw new OpsroomError('USAGE', {
    what: `${OWN_PRICE} is no price.`,
    where: OWN_PRICE,
    mend: 'Write US dollars for a million tokens in and out: 0.25/2. A server that costs nothing: 0/0.',
  });
}

const isProvider = (text: string): text is ModelSettings['provider'] => Object.hasOwn(SECRETS, text);

const protocolOf = (text: string): string => (URL.canParse(text) ? new URL(text).protocol : '');
