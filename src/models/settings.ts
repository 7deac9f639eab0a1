import { OpsroomError } from '#kit/errors.js';

export interface ModelSettings {
  readonly provider: 'openai' | 'anthropic' | 'compatible';
  readonly model: string;
  /** Where it is asked; undefined: at the provider's own address. */
  readonly baseUrl: string | undefined;
  /** Name of the secret that holds its key; a compatible server may want none. */
  readonly secret: string;
}

const SECRETS = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY', compatible: 'MODEL_API_KEY' } as const;

/**
 * Which model is to be used: `openai:gpt-5-mini`, `anthropic:claude-sonnet-4-5`, `compatible:llama3` with the address of its server.
 * @throws OpsroomError USAGE
 */
export function modelSettings(text: string, baseUrl: string | undefined): ModelSettings {
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
  return { provider, model, baseUrl, secret: SECRETS[provider] };
}

const isProvider = (text: string): text is ModelSettings['provider'] => Object.hasOwn(SECRETS, text);

const protocolOf = (text: string): string => (URL.canParse(text) ? new URL(text).protocol : '');
