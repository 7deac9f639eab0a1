import { onlySets } from '../blocks/work.js';
import type { Section } from '../markdown/document.js';
import { isWithin } from '../markdown/outline.js';
import { guarding } from './asking.js';
import type { Draft } from './draft.js';

/**
 * A no to a question about going on leaves out all that follows; where it stands in some case only, all that follows in that case. It
 * guards no more than what comes before the next such question, which a no leaves out, and with it what that one guards. One that is
 * about a section guards what follows in that.
 *
 * @param stops with the section, of those that are about one
 */
export function guardWhatFollows(drafts: readonly Draft[], stops: ReadonlyMap<Draft, Section | undefined>): void {
  for (const [at, draft] of drafts.entries()) {
    if (!stops.has(draft)) continue;
    const section = stops.get(draft);
    const following = drafts.slice(at + 1);
    const ids = section === undefined ? followingOf(draft, following, stops) : inSection(following, section);
    if (ids.length > 0) draft.body = guarding(draft.body, ids);
  }
}

function followingOf(
  { body: { if: inCase } }: Draft,
  drafts: readonly Draft[],
  stops: ReadonlyMap<Draft, Section | undefined>,
): string[] {
  const ids: string[] = [];
  for (const other of drafts) {
    const isSame = other.body['if'] === inCase;
    if (isSame || inCase === undefined) ids.push(other.id);
    if (isSame && stops.has(other) && stops.get(other) === undefined) break;
  }
  return ids;
}

/** A section is one stretch of the document. Where one goes and what is set there is needed behind it as well. */
function inSection(drafts: readonly Draft[], section: Section): string[] {
  const end = drafts.findIndex(({ decision: { block } }) => !isWithin(block.section, section));
  const within = end < 0 ? drafts : drafts.slice(0, end);
  return within
    .filter(({ asks, decision: { facts } }) => asks || facts === undefined || !onlySets(facts))
    .map(({ id }) => id);
}
