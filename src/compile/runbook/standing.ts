import { basename } from 'node:path';
import type { RunbookDocument, Section } from './document.js';
import { type Role, roleOf } from './roles.js';

/** What the headings above a block make of it. `procedure`: it is meant to be done when the document is followed. */
export type Place =
  | 'procedure'
  | 'prerequisite'
  | 'verify'
  | 'rollback'
  | 'troubleshooting'
  | 'uninstall'
  | 'reference'
  | 'usage'
  | 'development'
  | 'elsewhere';

/** Where a block stands. */
export interface Standing {
  readonly place: Place;
  /** From the nearest outward. */
  readonly headings: readonly string[];
  /** The document introduces a program; commands in it are shown as often as they are meant to be run. */
  readonly readme: boolean;
}

/** Tells for each section of a document how blocks in it stand. */
export function standings(document: RunbookDocument, file: string): (section: Section) => Standing {
  const known = new Map<Section, Standing>();
  const readme = isReadme(document, file);
  const title = titleSection(document);
  const installs = document.sections.some(({ heading }) => roleOf(heading) === 'install');
  return (section) => {
    const found = known.get(section) ?? standingOf(section, { readme, title, installs });
    known.set(section, found);
    return found;
  };
}

interface Whole {
  readonly readme: boolean;
  readonly title: Section | undefined;
  /** Some section of the document installs something. */
  readonly installs: boolean;
}

function standingOf(section: Section, whole: Whole): Standing {
  const above = sectionsAbove(section);
  const headings = above.map(({ heading }) => heading);
  return { place: placeOf(above, whole), headings, readme: whole.readme };
}

/** In a section that only explains, "Install" is an example, too; in prerequisites and rollbacks a check belongs to them. */
const WIDE: readonly Place[] = [
  'troubleshooting',
  'uninstall',
  'reference',
  'development',
  'usage',
  'rollback',
  'prerequisite',
];

/** The title says what the whole is about ("Troubleshooting etcd"), not what its sections are for. */
function placeOf(above: readonly Section[], whole: Whole): Place {
  const places = above
    .filter((section) => section !== whole.title && section.level > 0)
    .map((section) => headingPlace(section.heading, whole));
  const wide = WIDE.find((place) => places.includes(place));
  const near = places.find((place) => place !== 'elsewhere');
  return wide ?? near ?? (whole.readme ? 'elsewhere' : 'procedure');
}

function headingPlace(heading: string, { readme, installs }: Whole): Place {
  const role = roleOf(heading);
  switch (role) {
    case 'prerequisite':
    case 'verify':
    case 'rollback':
    case 'troubleshooting':
      return role;
    case 'reference':
      return readme || REFERENCES.test(heading) ? 'reference' : 'elsewhere';
    case 'cleanup':
      return isTeardown(heading) ? 'rollback' : 'procedure';
    case 'uninstall':
      return installs || readme ? 'uninstall' : 'procedure';
    case 'usage':
      return readme || /exampl|beispiel|exempl|ejempl|esempi|sample|demo/i.test(heading) ? 'usage' : 'procedure';
    case 'development':
      return readme ? 'development' : 'procedure';
    case 'configuration':
      return readme && !beginsWithVerb(heading) ? 'usage' : 'procedure';
    case 'upgrade':
      return readme ? 'usage' : 'procedure';
    case 'install':
    case 'run':
    case 'procedure':
      return 'procedure';
    default:
      return readme && beginsWithVerb(heading) ? 'procedure' : 'elsewhere';
  }
}

/** The nearest section around a block, its own included, that has the role. */
export function sectionWithRole(section: Section, ...roles: readonly Role[]): Section | undefined {
  return sectionsAbove(section).find(({ heading }) => roles.includes(roleOf(heading)));
}

function sectionsAbove(section: Section): Section[] {
  const above: Section[] = [];
  for (let at: Section | undefined = section; at !== undefined; at = at.parent) above.push(at);
  return above;
}

/** "Clean up" takes back what the procedure did; "Clean old keys", "Delete the node" are what a procedure is for. */
function isTeardown(heading: string): boolean {
  const rest = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\s-]|\b(?:all|everything|the|step|up|down|after|resources?|environment|cluster|demo)\b/gu, ' ');
  return rest.trim().split(/[\s-]+/).length === 1 && !/delet|destroy|decommission/.test(rest);
}

/** Headings that refer and nothing else; "3. API keys" of a runbook heads a procedure. */
const REFERENCES =
  /^\W*(?:(?:\w+ )?references?|see also|further reading|(?:\w+ )?links|(?:\w+ )?resources|glossary|appendix|change ?log|licen[cs]e|related(?: \w+)?|credits|api)\W*$/i;

const VERBS =
  /^\W*(?:(?:step|phase|part)\s*\d*\W+|\d+(?:\.\d+)*\W+)?(?:build|run|deploy|install|create|open|start|stop|set ?up|configure|prepare|clone|download|generate|enable|apply|restart|migrate|push|pull|publish|release|inject|add|connect|initiali[sz]e|launch|provision|bootstrap|compile|import|export|seed|load|fetch|register|log ?in|get|make|copy|mount|expose|port[- ]forward|view|provide|scale|join)(?:ing|s)?\b/i;

function beginsWithVerb(heading: string): boolean {
  return VERBS.test(heading) || /^\W*(?:step|phase|schritt|étape|paso|passo)\s*\d/i.test(heading);
}

/** The one heading of level 1, when it stands first. */
function titleSection({ sections }: RunbookDocument): Section | undefined {
  const [, first] = sections;
  return first?.level === 1 && sections.filter(({ level }) => level === 1).length === 1 ? first : undefined;
}

const README_HEADINGS =
  /^\W*(?:licen[cs]e|contribut(?:e|ing|ors?)|features|acknowledge?ments?|credits|authors?|maintainers|change ?log|roadmap|sponsors?|badges|community|code of conduct|why\b|screenshots?|motivation|related projects|star history|highlights)\b/i;

/** By its name together with a heading that presentations of a program have, or by several of those. */
function isReadme({ sections }: RunbookDocument, file: string): boolean {
  const typical = new Set(sections.flatMap(({ heading }) => README_HEADINGS.exec(heading)?.[0].toLowerCase() ?? []));
  return typical.size >= 2 || (typical.size === 1 && /^readme\b/i.test(basename(file)));
}
