import { z } from 'zod';
import { PLACE } from '#sandbox/destinations.js';
import { sessionSchema } from '#sandbox/session.js';
import { readySchema } from './ready.js';

/** The kernel takes no single argument of 128 KiB or more. */
const SCRIPT_BYTES = 120_000;
const DEFAULT_CAP = 64 * 1024;
const MOST_CAP = 4 * 1024 * 1024;

const text = z.string().refine((value) => !value.includes('\0'), 'a NUL cannot be passed to a program');
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not the name of an environment variable');

const place = z.string().regex(PLACE, 'a place is written HOST:PORT');
const placesSchema = z.union([place, z.array(place).min(1).max(20)]);

/** Arguments of the shell tool, after rendering. */
export const shellArgsSchema = z
  .strictObject({
    /** A script; values reach it through `env`, never through its text. */
    run: text
      .min(1)
      .refine(
        (script) => Buffer.byteLength(script) <= SCRIPT_BYTES,
        `a script has at most ${SCRIPT_BYTES} bytes: put it into a file`,
      )
      .optional(),
    /** A program and its arguments, which no shell reads. */
    argv: z.tuple([text.min(1)], text).optional(),
    /** Relative to the workspace. */
    cwd: text.optional(),
    env: z.record(variable, z.union([text, z.number(), z.boolean()])).default({}),
    stdin: z.string().optional(),
    /** Where it sends its secrets, as `HOST:PORT`: what may not go there is not given to it. It is the plan's word; nothing holds the program to it. */
    sendsTo: placesSchema.optional(),
    /** Default: bash where there is one, else sh. */
    shell: z.enum(['bash', 'sh']).optional(),
    /** Scripts of one session go on where the one before ended: folder, variables, functions. Needs bash. */
    session: sessionSchema.optional(),
    /** Of the action `background`: what tells that the program can be used. The step is done then; the program ends with the run. */
    ready: readySchema.optional(),
    allowExitCodes: z.array(z.int().min(0).max(255)).min(1).default([0]),
    /** How much of the end of each stream is kept as output; the log has everything. */
    outputCapBytes: z.int().min(0).max(MOST_CAP).default(DEFAULT_CAP),
  })
  .refine((args) => (args.run === undefined) !== (args.argv === undefined), {
    message: 'give either run or argv',
    path: ['run'],
  })
  .refine((args) => args.shell === undefined || args.run !== undefined, {
    message: 'only a script (run) has a shell',
    path: ['shell'],
  })
  .refine((args) => args.session === undefined || (args.run !== undefined && args.shell !== 'sh'), {
    message: 'only a script (run) for bash has a session',
    path: ['session'],
  });

export type ShellArgs = z.output<typeof shellArgsSchema>;
