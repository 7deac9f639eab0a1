import { createHash } from 'node:crypto';
import { createAuthEndpoint } from '@better-auth/core/api';
import { APIError } from '@better-auth/core/error';
import { type BetterAuthOptions, type BetterAuthPlugin, betterAuth } from 'better-auth';
import { setSessionCookie } from 'better-auth/cookies';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { z } from 'zod';
import { uuidv7 } from '#kit/ids.js';
import type { Provider } from '#kit/sign-in-config.js';
import { ADDRESS_HEADER } from './address-header.js';
import { PASSWORD_LENGTH } from './password.js';

export interface AuthParts {
  readonly pool: pg.Pool;
  /** Signs the cookies; at least 32 characters, and never in the database. */
  readonly secret: string;
  /** The origin at which browsers reach the room. */
  readonly url: string;
  readonly providers: readonly Provider[];
  /** Asked before somebody comes in by a provider for the first time: why not, in one word; undefined: they may. */
  readonly refuse: (email: string, isNew: boolean) => Promise<string | undefined>;
  /** Asked before each sign-in: whether this person may be here. */
  readonly admit: (personId: string) => Promise<boolean>;
  /** Told after each sign-in. */
  readonly signedIn: (personId: string, signInId: string) => Promise<void>;
  readonly note: (level: string, message: string) => void;
}

const DAY_S = 86_400;

/** The part of better-auth's own API that the room uses. */
export type Auth = ReturnType<typeof createAuth>;

/**
 * better-auth on our tables (migration 7), for people only: passwords, sign-ins and their cookies, providers. Its own routes
 * are not served, but for the way back from a provider.
 */
export function createAuth(parts: AuthParts) {
  const { secret, url, note } = parts;
  const named = Object.fromEntries(
    parts.providers.flatMap(({ id, clientId, clientSecret }) =>
      id === 'oidc' ? [] : [[id, { clientId, clientSecret }]],
    ),
  );
  return betterAuth({
    ...columns,
    appName: 'opsroom',
    baseURL: url,
    basePath: '/auth',
    secret,
    database: { db: kyselyOn(parts.pool), type: 'postgres', schemaName: 'opsroom', transaction: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
    },
    socialProviders: named,
    plugins: [
      ownerLinks(),
      genericOAuth({ config: parts.providers.filter(({ id }) => id === 'oidc').map(openIdConnect) }),
    ],
    session: { ...columns.session, expiresIn: 30 * DAY_S, updateAge: DAY_S },
    account: { ...columns.account, updateAccountOnSignIn: false },
    user: { ...columns.user, validateUserInfo: ({ user, source }) => judged(parts, user, source.action) },
    databaseHooks: {
      account: { create: { before: async (account) => ({ data: { ...account, ...NO_TOKENS } }) } },
      session: {
        create: {
          before: async ({ userId }) => ((await parts.admit(userId)) ? undefined : false),
          after: ({ userId, id }) => parts.signedIn(userId, id),
        },
      },
    },
    advanced: {
      cookiePrefix: cookiePrefix(secret),
      database: { generateId: () => uuidv7(), validateSchema: false },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    onAPIError: { errorURL: '/sign-in' },
    rateLimit: { enabled: false }, // the door counts, by the address of the connection
    telemetry: { enabled: false },
    logger: { level: 'warn', log: (level, message) => note(level, message) },
  });
}

/** Cookies know hosts, not ports: two rooms of one machine must not sign each other out. */
export const cookiePrefix = (secret: string): string =>
  `opsroom-${createHash('sha256').update(secret).digest('hex').slice(0, 6)}`;

const kyselyOn = (pool: pg.Pool): Kysely<unknown> => new Kysely({ dialect: new PostgresDialect({ pool }) });

/** Nothing is done in a person's name at a provider, so a stolen database must hold nothing that could be. */
const NO_TOKENS = {
  accessToken: undefined,
  refreshToken: undefined,
  idToken: undefined,
  accessTokenExpiresAt: undefined,
  refreshTokenExpiresAt: undefined,
};

type UserInfo = Parameters<NonNullable<NonNullable<BetterAuthOptions['user']>['validateUserInfo']>>[0];

/** An address that its provider has not verified may be anybody's. */
async function judged({ refuse }: AuthParts, user: UserInfo['user'], action: UserInfo['source']['action']) {
  if (action === 'sign-in') return undefined;
  if (user.emailVerified !== true || typeof user.email !== 'string') return { error: 'email_not_verified' };
  const reason = await refuse(user.email, action === 'create-user');
  return reason === undefined ? undefined : { error: reason };
}

function openIdConnect({ id, name, clientId, clientSecret, issuer = '' }: Provider) {
  const discoveryUrl = `${issuer}/.well-known/openid-configuration`;
  return {
    providerId: id,
    name,
    clientId,
    clientSecret,
    discoveryUrl,
    requireIdTokenVerification: true,
    scopes: ['openid', 'email', 'profile'],
  };
}

/** Signs a person in whom the caller knows to be who they are. Has no address: only the room itself can call it. */
function ownerLinks() {
  const body = z.object({ personId: z.uuid() });
  return {
    id: 'owner-links',
    endpoints: {
      signInPerson: createAuthEndpoint.serverOnly({ method: 'POST', body, requireHeaders: true }, async (ctx) => {
        const { internalAdapter } = ctx.context;
        const user = await internalAdapter.findUserById(ctx.body.personId);
        const session = user && (await internalAdapter.createSession(user.id));
        if (!session) throw new APIError('UNAUTHORIZED', { code: 'FAILED_TO_CREATE_SESSION' });
        await setSessionCookie(ctx, { session, user });
        return { signIn: session.id };
      }),
    },
  } satisfies BetterAuthPlugin;
}

/** The words of our schema for better-auth's. */
const columns = {
  user: {
    modelName: 'people',
    fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
  session: {
    modelName: 'sign_ins',
    fields: {
      userId: 'person_id',
      expiresAt: 'expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
    },
  },
  account: {
    modelName: 'accounts',
    fields: {
      userId: 'person_id',
      providerId: 'provider',
      accountId: 'provider_account',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  verification: {
    modelName: 'sign_in_states',
    fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
} as const;
