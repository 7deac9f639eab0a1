import { z } from 'zod';
import type { OrganisationRow } from '#identity/organisations-store.js';

export const organisationView = z.object({
  organisationId: z.string(),
  /** As the command line names it: `--org SLUG`. */
  slug: z.string(),
  name: z.string(),
  createdAt: z.string(),
  /** Whether who asks works in it. */
  current: z.boolean(),
});
export type OrganisationView = z.infer<typeof organisationView>;

export const shownOrganisation = (row: OrganisationRow, current: string): OrganisationView => ({
  organisationId: row.id,
  slug: row.slug,
  name: row.name,
  createdAt: row.createdAt.toISOString(),
  current: row.id === current,
});
