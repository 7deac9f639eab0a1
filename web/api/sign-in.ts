import { Problem, toProblem } from './problem.js';

export interface SignInState {
  /** Whether the room has an owner; until then there is nobody who could sign in. */
  readonly owner: boolean;
  readonly signedIn: boolean;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

export interface Welcome {
  /** True: whoever uses the link becomes the owner. */
  readonly first: boolean;
  readonly name: string;
  readonly email: string | null;
}

export interface Profile {
  readonly name?: string;
  readonly email?: string;
  readonly password?: string;
}

/** An invitation, as the page behind its link shows it. */
export interface Invited {
  readonly organisation: string;
  readonly role: string;
  /** Whom it is for; null: whoever has the link. */
  readonly email: string | null;
  readonly invitedBy: string;
  /** Who is signed in in this browser. */
  readonly you: { readonly name: string; readonly email: string } | null;
}

/** What is below `/auth` is no part of the API: it sets cookies, and programs have keys. See docs/sign-in.md. */
async function ask<T>(path: string, body?: object): Promise<T> {
  const posted = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-opsroom': '1' },
    body: JSON.stringify(body),
  };
  const answer = await fetch(`/auth/${path}`, { credentials: 'same-origin', ...(body === undefined ? {} : posted) });
  if (!answer.ok) throw await toProblem(answer);
  return (await answer.json()) as T;
}

export const signInState = (): Promise<SignInState> => ask('state');
export const signIn = (email: string, password: string): Promise<object> => ask('sign-in', { email, password });
export const signOut = (): Promise<object> => ask('sign-out', {});
export const lookAtLink = (token: string): Promise<Welcome> => ask('welcome/look', { token });
export const openByLink = (token: string, profile: Profile): Promise<object> => ask('welcome', { token, ...profile });
export const lookAtInvitation = (token: string): Promise<Invited> => ask('invitation/look', { token });
export const acceptInvitation = (token: string, profile: Profile): Promise<object> =>
  ask('invitation', { token, ...profile });
export const changeProfile = (change: Profile & { readonly current?: string }): Promise<object> =>
  ask('profile', change);

/** Leaves for a provider; the browser comes back to `next`. */
export async function leaveForProvider(provider: string, next: string): Promise<void> {
  const { url } = await ask<{ url: string }>('provider', { provider, next });
  if (!/^https?:/.test(url))
    throw new Problem('INTERNAL', 'The provider has no address.', 'Tell whoever runs the room.', 500);
  location.assign(url);
}
