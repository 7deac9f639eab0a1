import type { Section } from './document.js';
import type { Read } from './read-code.js';
import type { Place, Standing } from './standing.js';
import { isActingWork, isFetching } from './work.js';

/** What is told about a thing, samples of its use, and what those do who change it. */
const TOLD =
  /\b(?:how .* works|features?|overview|architecture|why\b|background|roadmap|internals|exampl|sample|demo|beispiel|exempl|ejempl|esempi|contribut|mitwirken|beitragen|contribuer|contribuir|pull request|releas|publish|lint|benchmark|changelog|licen[cs]e)|示例|例子|用例|サンプル|예제|예시|贡献|貢献|コントリビュート|기여|участие/iu;

/**
 * Sections that are the procedure of a document in which nothing is one by its heading: something in them is known to change something;
 * what stands under "Usage" gets the program, and what else is typed there are samples of its use.
 */
export function onlyProcedure(read: readonly Read[], standingOf: (section: Section) => Standing): ReadonlySet<Section> {
  const among = (...places: readonly Place[]) =>
    read.filter(({ block: { section } }) => {
      const { place, headings } = standingOf(section);
      return places.includes(place) && !headings.some((heading) => TOLD.test(heading));
    });
  const sections = (found: readonly Read[]) => new Set(found.map(({ block }) => block.section));
  const shown = among('elsewhere', 'development');
  if (shown.some(({ facts }) => isActingWork(facts) || isFetching(facts))) return sections(shown);
  const used = among('usage');
  return sections(used.some(({ facts }) => isFetching(facts)) ? used : []);
}
