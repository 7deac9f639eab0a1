import { isActing } from '../../shell/judge/acting.js';
import { managerOf } from '../../shell/judge/managers.js';
import { plainWords } from '../../shell/judge/shapes.js';
import { isCommitting, isPublishing } from '../blocks/publishing.js';
import { isActingWork, isFetching } from '../blocks/work.js';
import type { Block, RunbookDocument, Section } from '../markdown/document.js';
import type { Place } from '../rules/place-of-heading.js';
import type { Read } from '../rules/read-code.js';
import type { Standing } from '../rules/standing.js';
import { isStart } from '../words/document-kind.js';
import { phrase } from '../words/phrase.js';

/** What is told about a thing, samples of its use, and what those do who change it. */
const TOLD = phrase(
  /\b(?:how .* works|features?|overview|architecture|why\b|background|roadmap|internals|exampl|sample|demo|beispiel|exempl|ejempl|esempi|contribut|mitwirken|beitragen|contribuer|contribuir|pull request|releas|publish|upload|work-?flow|branch|git\b|version|translat|übersetz|traduc|traduz|lint|benchmark|changelog|licen[cs]e)|示例|例子|用例|サンプル|예제|예시|贡献|貢献|コントリビュート|기여|участие|перевод|翻译|翻訳|번역/iu,
);

/**
 * Which blocks are the procedure of a document in which nothing is one by its heading: those of sections in which something is set up. What
 * is done to a thing that is there already (promoted, suspended, vacuumed) is for another day, and where the first that is done is such, all is.
 */
export function onlyProcedure(
  read: readonly Read[],
  standingOf: (section: Section) => Standing,
  { sections, blocks }: RunbookDocument,
): (block: Block) => boolean {
  const filled = new Set(read.flatMap(({ block }) => upwards(block.section)));
  // "Installation" in words: what else there is comes after it.
  if (sections.some((section) => isStart(section.heading) && !filled.has(section))) return () => false;
  const shared = new Set(
    read.flatMap(({ block: { section }, facts }) =>
      // Without any heading, the document is one procedure, which may publish what it built.
      section.level > 0 && (isPublishing(facts) || isCommitting(facts)) ? [section] : [],
    ),
  );
  const among = (...places: readonly Place[]) =>
    read.filter(({ block: { section } }) => {
      const { place, headings } = standingOf(section);
      return places.includes(place) && !shared.has(section) && !headings.some((heading) => TOLD.test(heading));
    });
  const shown = among('elsewhere', 'development');
  const first = shown.find(({ facts }) => isActingWork(facts) || setsUp(facts));
  if (first !== undefined) {
    const setUp = new Set(shown.flatMap(({ block, facts }) => (setsUp(facts) ? [block.section] : [])));
    return ({ section }) => setUp.has(first.block.section) && setUp.has(section);
  }
  const got = gettingIt(among('usage'), blocks);
  return (block) => got.has(block);
}

/** What stands under "Usage" gets the program, and goes on without a word; what else is typed there are samples of its use. */
function gettingIt(used: readonly Read[], blocks: readonly Block[]): ReadonlySet<Block> {
  const from = used.findIndex(({ facts }) => isFetching(facts));
  const first = used[from]?.block;
  const behind = from < 0 ? [] : used.slice(from + 1);
  const before = new Map(blocks.map((block, at) => [block, blocks[at - 1]]));
  const end = behind.findIndex(({ block }) => block.section !== first?.section || !goesOn(block, before.get(block)));
  return new Set(
    first === undefined ? [] : [first, ...behind.slice(0, end < 0 ? undefined : end).map(({ block }) => block)],
  );
}

/** "2. Go to its folder:", "Then:", or nothing. */
function goesOn(block: Read['block'], before: Block | undefined): boolean {
  const numbered = before?.kind === 'item' && before.section === block.section ? before : block.item;
  return numbered?.marker === 'number' || GOES_ON.test(block.intro);
}

const GOES_ON = phrase(
  /^\W*(?:$|(?:and )?(?:then|next|now|after that)\b|(?:dann|danach|puis|ensuite|luego|después|depois|poi)(?!\p{L})|然后|次に|затем)/iu,
);

const SETS_UP =
  /^(?:apply|build|compile|package|install|up|start|bootstrap|init|deploy|provision|migrate|setup|sync|ci)(?::|$)/;
/** They make what a file describes, an image or a machine. */
const MAKERS = /^(?:kubectl|oc|docker|podman|nerdctl|k3d|kind|minikube|eksctl|gcloud|az|aws)$/;

/** It fetches, builds, installs, applies or starts something. */
function setsUp(facts: Read['facts']): boolean {
  return (
    isFetching(facts) ||
    facts.commands.some((command) => {
      const words = plainWords(command).slice(0, 3);
      if (MAKERS.test(command.program) && /^(?:create|run|pull)$/.test(words[0] ?? '')) return isActing(command);
      return managerOf(command)?.action === 'install' || words.some((word) => SETS_UP.test(word));
    })
  );
}

function upwards(section: Section): Section[] {
  const above: Section[] = [];
  for (let at: Section | undefined = section; at !== undefined; at = at.parent) above.push(at);
  return above;
}
