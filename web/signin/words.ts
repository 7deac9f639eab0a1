/** Why a provider did not let somebody in, and what to do about it. */
export interface Reason {
  readonly what: string;
  readonly mend: string;
}

const REASONS: Readonly<Record<string, Reason>> = {
  not_allowed: {
    what: 'Your e-mail is not on the list of this room.',
    mend: 'Ask its owner to add it to OPSROOM_OAUTH_ALLOW.',
  },
  email_not_verified: {
    what: 'The provider has not verified your e-mail.',
    mend: 'Confirm it there, then sign in again.',
  },
  account_not_linked: {
    what: 'Somebody here has this e-mail, and the provider has not verified that it is yours.',
    mend: 'Confirm it there, or sign in with your password.',
  },
  unable_to_create_session: {
    what: 'You are no member of this room any more.',
    mend: 'Ask its owner.',
  },
  access_denied: { what: 'You said no at the provider.', mend: 'Sign in again to say yes.' },
};
const AGAIN = 'Sign in again; the way to a provider and back is open for ten minutes, in one browser.';

/** The code that the way back from a provider left in the address, as words. */
export function reasonOf(code: string): Reason {
  return REASONS[code] ?? { what: 'Signing in by the provider did not work.', mend: `${AGAIN} (${code.slice(0, 60)})` };
}

/** The page to go to after signing in: one of ours, whatever the address says. */
export function placeAfter(next: string | undefined): string {
  const ours = next !== undefined && /^\/(?![/\\])[^\\\s]*$/.test(next) && !/^\/(sign-in|welcome)\b/.test(next);
  return ours ? next : '/';
}
