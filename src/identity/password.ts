import { hashPassword as hash, verifyPassword } from '@better-auth/utils/password';

/** Longer passwords cost time to hash; shorter ones can be guessed. */
export const PASSWORD_LENGTH = { min: 12, max: 200 } as const;

/** scrypt, salted, off this thread: as better-auth keeps and checks it when somebody signs in. */
export const hashPassword = (password: string): Promise<string> => hash(password);

/** Whether a kept hash is of this password. */
export const passwordMatches = (kept: string, password: string): Promise<boolean> => verifyPassword(kept, password);
