import { entry } from '#kit/entry.js';
import type { Block, RunbookDocument, Section } from '../markdown/document.js';
import { variantsOf } from '../ways/variants.js';
import { type DocumentKind, documentKind } from '../words/document-kind.js';
import { caseAside, namesCase, namesDrill, namesSymptom } from '../words/headings.js';
import { phrase } from '../words/phrase.js';
import { type Role, roleOf } from '../words/roles.js';
import { besideBackup, drillsOfRollback, looksAtRollbacks, readiesRollback, waysBack } from '../words/ways-back.js';
import { cleanupsOfSuccess } from './cleanups.js';
import { headingPlace, type Place } from './place-of-heading.js';
import { setUpSections } from './set-up-sections.js';

/** Where a block stands. */
export interface Standing {
  readonly place: Place;
  /** From the nearest outward. */
  readonly headings: readonly string[];
  /** The same without the title, and without those from the section on that was asked for by its name. */
  readonly below: readonly string[];
  /** The document introduces a program; commands in it are shown as often as they are meant to be run. */
  readonly readme: boolean;
  /** The document is about taking something back, and nothing else: its steps are what elsewhere would be the rollback. */
  readonly undoes: boolean;
  /** Its heading names something that is wrong: what stands below it mends that. */
  readonly symptom: boolean;
  /** The document is about something that has gone wrong ("Disk full", "High latency"): looking comes before mending. */
  readonly incident: boolean;
  /** The document has a "Plan A", beside which "Plan B" is the other way. */
  readonly plans: boolean;
  /** The document is about releasing or deploying, or somebody asked for the section by its name. */
  readonly releases: boolean;
  /** It cleans up beside a rollback: what it removes may still be needed by that. */
  readonly cleansUp: boolean;
}

/**
 * Tells for each section of a document how blocks in it stand.
 * @param looking blocks that are known to change nothing
 * @param named a section that was asked for by its name: it is a procedure, whatever its heading and those around it say
 */
export function standings(
  document: RunbookDocument,
  file: string,
  looking: ReadonlySet<Block>,
  named?: Section,
): (section: Section) => Standing {
  const known = new Map<Section, Standing>();
  const read = new Map<string, HeadingSays>();
  const kind = documentKind(document, file);
  const means = kind.readme ? severalMeans(document) : NONE;
  const says = (section: Section) =>
    entry(read, `${section.parent?.heading ?? ''}\n${section.heading}\n${means.has(section)}`, () =>
      headingSays(section, kind, means),
    );
  const back = waysBack(document, kind.title?.heading ?? document.title);
  const lookedAt = looksAtRollbacks(document, looking);
  const readied = readiesRollback(document);
  const restores = besideBackup(document, kind.title?.heading ?? document.title);
  const drills = drillsOfRollback(document, kind.title?.heading ?? document.title);
  const setUp = kind.readme ? setUpSections(document, kind) : NONE;
  const cleanups = cleanupsOfSuccess(
    document,
    (one) => back.has(one) || (says(one).place === 'rollback' && !lookedAt.has(one)),
  );
  const held = (section: Section): HeadingSays => {
    if (back.has(section)) return { ...says(section), place: 'rollback' };
    if (readied.has(section) && says(section).place === 'rollback') return { ...says(section), place: 'procedure' };
    if (lookedAt.has(section) && says(section).place === 'rollback') return { ...says(section), place: 'elsewhere' };
    if (restores.has(section) || drills.has(section)) return { ...says(section), place: 'case' };
    if (cleanups.has(section) && says(section).place === 'rollback') return { ...says(section), place: 'procedure' };
    return setUp.has(section) ? { ...says(section), place: 'procedure', isStep: true } : says(section);
  };
  // What stands in sections of their own below "FAQ" or "Useful commands" is not one procedure: each is named by itself.
  const isTold = named !== undefined && TOLD.includes(held(named).place);
  const placed = (section: Section) => (section === named || !isTold ? named : undefined);
  return (section) =>
    entry(known, section, () => ({
      ...standingOf(section, kind, held, placed(section)),
      cleansUp: sectionsAbove(section).some((one) => cleanups.has(one)),
    }));
}

const TOLD: readonly Place[] = ['troubleshooting', 'reference', 'usage'];

const NONE: ReadonlySet<Section> = new Set();

/** What one heading says, whatever stands around it. */
interface HeadingSays {
  readonly place: Place;
  readonly symptom: boolean;
  /** "Step 2: Install it": under "Usage", too, it is done. */
  readonly isStep: boolean;
}

function headingSays(section: Section, kind: DocumentKind, means: ReadonlySet<Section>): HeadingSays {
  const { heading } = section;
  const place = headingPlace(heading, kind);
  const isMeant = isMeans(section) || isPartOfSetUp(section, kind) || (place === 'usage' && means.has(section));
  return {
    place: isMeant ? 'procedure' : place,
    // "If the renewal fails" is asked about, as a case.
    symptom:
      namesSymptom(place === 'rollback' ? FOR_CASE.without(heading) : heading) &&
      (kind.readme || !(namesCase(heading) || caseAside(heading) !== '')),
    isStep: STEP.test(heading),
  };
}

/** "Rollback if the deployment fails": that is when, and not what is wrong with it. */
const FOR_CASE = phrase(/\s(?:if|when|falls|wenn|si|se|если|jeśli)\s.*$/iu);

const STEP = phrase(/^\W*(?:step|schritt|étape|paso|passo|krok|шаг)\s*\d/iu);

/** "Using Docker" under "Run it": what it is run with, and not how it is used. */
function isMeans(section: Section): boolean {
  const { heading, parent } = section;
  if (parent === undefined || !USING.test(heading)) return false;
  return SET_UP.test(roleOf(parent.heading)) && variantsOf(section).some(({ topic }) => topic !== 'means');
}

const USING = phrase(/^\W*(?:using|with|via|mit|avec|con|com|usando)\s/iu);
const SET_UP = /^(?:install|run|procedure)$/;

/** "Using curl", "Using git" below one "Installation": each is a means, and none tells how something is used. Not "Using the API". */
function severalMeans({ sections }: RunbookDocument): ReadonlySet<Section> {
  const byParent = new Map<Section, Section[]>();
  for (const section of sections)
    if (section.parent !== undefined && roleOf(section.parent.heading) === 'install' && ONE_MEANS.test(section.heading))
      entry(byParent, section.parent, () => []).push(section);
  return new Set([...byParent.values()].filter(({ length }) => length > 1).flat());
}

const ONE_MEANS = phrase(/^\W*(?:using|with|via|mit|avec|con|com|usando)\s+[\p{L}\p{N}][\p{L}\p{N}._+-]*\W*$/iu);

/** "Configuration" below "Installation" or "Quick start" is a part of that. */
function isPartOfSetUp({ heading, parent }: Section, { title }: DocumentKind): boolean {
  if (parent === undefined || parent === title) return false;
  return roleOf(heading) === 'configuration' && SET_UP.test(roleOf(parent.heading));
}

function standingOf(
  section: Section,
  kind: DocumentKind,
  says: (section: Section) => HeadingSays,
  named: Section | undefined,
): Omit<Standing, 'cleansUp'> {
  const around = sectionsAbove(section);
  const from = named === undefined ? -1 : around.indexOf(named);
  const counting = from < 0 ? around : around.slice(0, from);
  const below = counting.filter((one) => one !== kind.title && one.level > 0);
  const above = below.map(says);
  if (from >= 0) above.push(ASKED_FOR);
  return {
    place: placeOf(above, kind),
    headings: around.map(({ heading }) => heading),
    below: below.map(({ heading }) => heading),
    readme: kind.readme,
    undoes: kind.undoes,
    incident: kind.incident,
    plans: kind.plans,
    releases: kind.releases || named !== undefined,
    symptom: above.some(({ symptom }) => symptom),
  };
}

const ASKED_FOR: HeadingSays = { place: 'procedure', symptom: false, isStep: false };

/** In a section that only explains, "Install" is an example, too; in prerequisites and rollbacks a check belongs to them. */
const WIDE: readonly Place[] = [
  'troubleshooting',
  'uninstall',
  'reference',
  'development',
  'rollback',
  'usage',
  'case',
  'prerequisite',
];

/** The title, which is not among the sections, says what the whole is about ("Troubleshooting etcd"), not what they are for. */
function placeOf(all: readonly HeadingSays[], kind: DocumentKind): Place {
  const above = withoutReference(all, kind);
  const places = above.map(({ place }) => place);
  const step = above.findIndex(({ isStep, place }) => isStep && place === 'procedure');
  const wide = WIDE.find((place) => {
    const at = places.indexOf(place);
    return at >= 0 && !(place === 'rollback' && kind.undoes) && !(place === 'usage' && step >= 0 && step < at);
  });
  const near = places.find((place) => place !== 'elsewhere');
  return wide ?? near ?? (kind.readme && !(all.length === 0 && isSetUp(kind.title)) ? 'elsewhere' : 'procedure');
}

/** A README that begins with "Installation" has no other title. */
const isSetUp = (title: Section | undefined): boolean => title !== undefined && ONLY_SET_UP.test(title.heading);
const ONLY_SET_UP = /^\W*(?:installation|install|set-?up|getting started|quick ?-?start)\W*$/i;

/** "Step 1: Install the server" a level below "Architecture" is a step of the procedure: who wrote it meant to go on behind that. */
function withoutReference(above: readonly HeadingSays[], { readme }: DocumentKind): readonly HeadingSays[] {
  const step = readme ? -1 : above.findIndex(({ isStep }) => isStep);
  return step >= 0 && above[step + 1]?.place === 'reference' ? above.slice(0, step + 1) : above;
}

/** The nearest section around a block, its own included, that has the role. */
export function sectionWithRole(section: Section, ...roles: readonly Role[]): Section | undefined {
  return sectionsAbove(section).find(({ heading }) => roles.includes(roleOf(heading)) && !namesDrill(heading));
}

function sectionsAbove(section: Section): Section[] {
  const above: Section[] = [];
  for (let at: Section | undefined = section; at !== undefined; at = at.parent) above.push(at);
  return above;
}
