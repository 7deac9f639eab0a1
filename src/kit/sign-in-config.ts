import { z } from 'zod';

/** Where people can sign in besides here: an OpenID Connect issuer, or a service that better-auth knows by name. */
export interface Provider {
  readonly id: 'github' | 'google' | 'oidc';
  /** What the button says. */
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Of `oidc` only: `https://id.example`, without a slash at its end. */
  readonly issuer?: string;
}

/** Who may come in by a provider without having been here before. */
export interface Allowed {
  /** An e-mail in lower case, or `@example.com` for a whole domain. */
  readonly who: string;
  readonly role: 'owner' | 'operator' | 'viewer';
}

export interface SignInConfig {
  /** The origin at which browsers reach the room, when a proxy stands in front: `https://ops.example`. */
  readonly publicUrl: string | undefined;
  readonly providers: readonly Provider[];
  readonly allow: readonly Allowed[];
}

const httpUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be an http or https URL');
const ENTRY = /^(?:\*|[^\s@,:]+)@[^\s@,:]+(?::(?:owner|operator|viewer))?$/;

/** The variables, each on its own; `signInConfig` puts them together. */
export const SIGN_IN_SETTINGS = {
  OPSROOM_PUBLIC_URL: httpUrl
    .transform((text) => new URL(text))
    .refine(
      ({ pathname, search, hash }) => pathname === '/' && search + hash === '',
      'must be an origin, without a path',
    )
    .transform(({ origin }) => origin)
    .optional(),
  OPSROOM_OAUTH_GITHUB_CLIENT_ID: z.string().optional(),
  OPSROOM_OAUTH_GITHUB_CLIENT_SECRET: z.string().optional(),
  OPSROOM_OAUTH_GOOGLE_CLIENT_ID: z.string().optional(),
  OPSROOM_OAUTH_GOOGLE_CLIENT_SECRET: z.string().optional(),
  OPSROOM_OAUTH_OIDC_CLIENT_ID: z.string().optional(),
  OPSROOM_OAUTH_OIDC_CLIENT_SECRET: z.string().optional(),
  OPSROOM_OAUTH_OIDC_ISSUER: httpUrl.transform((text) => text.replace(/\/+$/, '')).optional(),
  OPSROOM_OAUTH_OIDC_NAME: z.string().max(60).default('OpenID Connect'),
  OPSROOM_OAUTH_ALLOW: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .transform((entries) => entries.filter((entry) => entry !== ''))
    .pipe(
      z.array(z.string().regex(ENTRY, 'must be e-mails or *@DOMAIN, each with :owner, :operator or :viewer if wanted')),
    ),
} as const;

type Settings = z.output<z.ZodObject<typeof SIGN_IN_SETTINGS>>;

/** A provider counts when its id and its secret are both there, and for OpenID Connect its issuer as well. */
export function signInConfig(settings: Settings): SignInConfig {
  return {
    publicUrl: settings.OPSROOM_PUBLIC_URL,
    providers: [
      ...provider(
        'github',
        'GitHub',
        settings.OPSROOM_OAUTH_GITHUB_CLIENT_ID,
        settings.OPSROOM_OAUTH_GITHUB_CLIENT_SECRET,
      ),
      ...provider(
        'google',
        'Google',
        settings.OPSROOM_OAUTH_GOOGLE_CLIENT_ID,
        settings.OPSROOM_OAUTH_GOOGLE_CLIENT_SECRET,
      ),
      ...oidc(settings),
    ],
    allow: settings.OPSROOM_OAUTH_ALLOW.map(allowed),
  };
}

function provider(
  id: Provider['id'],
  name: string,
  clientId: string | undefined,
  clientSecret: string | undefined,
): Provider[] {
  return clientId === undefined || clientSecret === undefined ? [] : [{ id, name, clientId, clientSecret }];
}

function oidc(settings: Settings): Provider[] {
  const { OPSROOM_OAUTH_OIDC_ISSUER: issuer, OPSROOM_OAUTH_OIDC_NAME: name } = settings;
  if (issuer === undefined) return [];
  const made = provider('oidc', name, settings.OPSROOM_OAUTH_OIDC_CLIENT_ID, settings.OPSROOM_OAUTH_OIDC_CLIENT_SECRET);
  return made.map((one) => ({ ...one, issuer }));
}

/** Whoever is listed without a role works here and administers nothing. */
function allowed(entry: string): Allowed {
  const [who = '', role] = entry.toLowerCase().split(':');
  return { who: who.replace(/^\*/, ''), role: role === 'owner' || role === 'viewer' ? role : 'operator' };
}
