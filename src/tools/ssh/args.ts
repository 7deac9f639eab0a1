import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';

/** A script travels as one argument of the remote shell, and no kernel takes one of 128 KiB or more. */
const SCRIPT_BYTES = 120_000;
const MOST_STDIN = 1024 * 1024;
const DEFAULT_CAP = 64 * 1024;
const MOST_CAP = 4 * 1024 * 1024;

const text = z.string().refine((value) => !value.includes('\0'), 'a NUL cannot be passed to a program');
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not the name of an environment variable');
const fingerprint = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'a fingerprint looks like SHA256:… (ssh-keygen -lf KEY.pub)');

const authSchema = z.union([
  z.strictObject({ privateKey: z.string().min(1), passphrase: z.string().optional() }),
  z.strictObject({ password: z.string().min(1) }),
  z.strictObject({ agent: z.string().startsWith('/', 'the absolute path of the agent’s socket') }),
]);

/** Which host, who is meant to be there, and as whom. */
const reachFields = {
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535).default(22),
  user: z.string().min(1).max(256),
  /** The fingerprint of the host's key, or of each of its keys. */
  hostKey: z.union([fingerprint, z.array(fingerprint).min(1).max(20)]).optional(),
  /** A file of the workspace in the form of OpenSSH's known_hosts. */
  knownHosts: z.string().min(1).optional(),
  auth: authSchema,
};

const runFields = {
  /** A script; values reach it through `env`, never through its text. */
  run: text
    .min(1)
    .refine(
      (script) => Buffer.byteLength(script) <= SCRIPT_BYTES,
      `a script has at most ${SCRIPT_BYTES} bytes: copy a file and run that`,
    )
    .optional(),
  /** A program and its arguments, which no shell reads. */
  argv: z.tuple([text.min(1)], text).optional(),
  /** On the host: absolute, or relative to the user's home. */
  cwd: text.min(1).optional(),
  env: z.record(variable, z.union([text, z.number(), z.boolean()])).default({}),
  stdin: text.max(MOST_STDIN).optional(),
  /** Default: bash where the host has one, else sh. */
  shell: z.enum(['bash', 'sh']).optional(),
  allowExitCodes: z.array(z.int().min(0).max(255)).min(1).default([0]),
  outputCapBytes: z.int().min(0).max(MOST_CAP).default(DEFAULT_CAP),
};

const copyFields = {
  /** A file of the workspace. */
  local: z.string().min(1).optional(),
  /** A file on the host: absolute, or relative to the user's home. */
  remote: text.min(1).optional(),
  /** Of the file that `put` leaves, such as `0640`. */
  mode: z
    .string()
    .regex(/^0?[0-7]{3}$/, 'three octal digits')
    .optional(),
  /** What the file must have, or nothing is left behind. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  maxBytes: z
    .int()
    .min(0)
    .max(16 * 1024 ** 3)
    .default(1024 ** 3),
};

/** Arguments of the ssh tool, after rendering. */
export const sshArgsSchema = z
  .strictObject({ ...reachFields, ...runFields, ...copyFields })
  .refine((args) => args.run === undefined || args.argv === undefined, {
    message: 'give either run or argv',
    path: ['run'],
  })
  .refine((args) => args.shell === undefined || args.run !== undefined, {
    message: 'only a script (run) has a shell',
    path: ['shell'],
  });

export type SshArgs = z.output<typeof sshArgsSchema>;

/** Throws ARGUMENT_INVALID unless a command was given. */
export function requireCommand(args: SshArgs): void {
  if (args.run !== undefined || args.argv !== undefined) return;
  throw new OpsroomError('ARGUMENT_INVALID', { what: 'run: the action run needs a script (run) or a program (argv)' });
}

/** The two ends of a copy. Throws ARGUMENT_INVALID. */
export function copyEnds({ local, remote }: SshArgs): { local: string; remote: string } {
  if (local !== undefined && remote !== undefined) return { local, remote };
  const what = `${local === undefined ? 'local' : 'remote'}: a copy needs a file of the workspace and one on the host`;
  throw new OpsroomError('ARGUMENT_INVALID', { what });
}
