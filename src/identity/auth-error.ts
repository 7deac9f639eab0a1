import { OpsroomError } from '#kit/errors.js';

/** What better-auth refused, in our words; what is none of its refusals as it is. */
export function authError(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'APIError') return error;
  const { code } = (error as unknown as { body?: { code?: string } }).body ?? {};
  if (code === 'INVALID_EMAIL_OR_PASSWORD' || code === 'INVALID_EMAIL' || code === 'PASSWORD_TOO_LONG') {
    return new OpsroomError('SIGN_IN_REFUSED', { cause: error });
  }
  if (code === 'FAILED_TO_CREATE_SESSION') {
    return new OpsroomError('SIGN_IN_REFUSED', { what: 'You are no member of this room.', cause: error });
  }
  // The only reason for which it cannot say whether there is a session.
  if (code === 'FAILED_TO_GET_SESSION') return new OpsroomError('DATABASE_UNREACHABLE', { cause: error });
  if (code === 'PROVIDER_NOT_FOUND') {
    return new OpsroomError('NOT_FOUND', {
      what: 'There is no such way to sign in, or its provider does not answer.',
      mend: 'Sign in otherwise; the settings OPSROOM_OAUTH_… name the providers.',
      cause: error,
    });
  }
  return error;
}
