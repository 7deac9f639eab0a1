import { z } from 'zod';

const MIB = 1024 * 1024;

/** Arguments of the site tool, after rendering. */
export const siteArgsSchema = z.strictObject({
  /** Where the survey begins; it stays on this origin. */
  url: z.string().min(1).max(2000),
  /** Of the workspace: gets survey.json, tokens.json and report.md. */
  folder: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/, 'the name of a folder')
    .default('survey'),
  maxPages: z.int().min(1).max(500).default(50),
  /** Of all that is fetched, after decompression. */
  maxBytes: z
    .int()
    .min(1024)
    .max(64 * MIB)
    .default(16 * MIB),
  /** Then no more is fetched, and what was found is written down. */
  maxMs: z.int().min(1000).max(3_600_000).default(120_000),
  /** For one answer. */
  pageMs: z.int().min(100).max(120_000).default(10_000),
});
export type SiteArgs = z.output<typeof siteArgsSchema>;
