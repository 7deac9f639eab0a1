import { basename } from 'node:path';
import type { RunbookDocument, Section } from '../markdown/document.js';
import { namesTask } from './deeds.js';
import { namesOtherDay } from './heading-times.js';
import { namesIncident, namesReleasing, wayIn } from './headings.js';
import { phrase } from './phrase.js';
import { roleOf } from './roles.js';

/** What kind of document it is as a whole, told by its name and its headings. */
export interface DocumentKind {
  /** It introduces a program; commands in it are shown as often as they are meant to be run. */
  readonly readme: boolean;
  /** It is about taking something back, and nothing else. */
  readonly undoes: boolean;
  /** By its title it is about removing something; what installs in it is for another day. */
  readonly removes: boolean;
  /** It is about something that has gone wrong. */
  readonly incident: boolean;
  /** It has a "Plan A", beside which "Plan B" is the other way. */
  readonly plans: boolean;
  /** By its title it is about releasing or deploying: to push, to tag and to publish are steps of it. */
  readonly releases: boolean;
  /** By its title it is what is done on certain days. */
  readonly recurs: boolean;
  readonly title: Section | undefined;
  /** Some section of the document installs something. */
  readonly installs: boolean;
  /** Some section says how to install or start it, for those who only use it. */
  readonly starts: boolean;
}

export function documentKind(document: RunbookDocument, file: string): DocumentKind {
  const title = titleSection(document);
  const named = title?.heading ?? document.title;
  return {
    readme: isReadme(document, file, named),
    undoes: isAboutUndoing(named),
    removes: roleOf(named) === 'uninstall' && !JOINED.test(named),
    incident: namesIncident(named),
    plans: document.sections.some(({ heading }) => /^(?:plan|план) (?:a|1|а)$/.test(wayIn(heading) ?? '')),
    releases: namesReleasing(named),
    recurs: namesOtherDay(named),
    title,
    installs: document.sections.some(({ heading }) => roleOf(heading) === 'install'),
    starts: document.sections.some(
      (section) => isStart(section.heading) && !isForDevelopers(section) && !preparesCheckout(section, document),
    ),
  };
}

/** "Installation", "Run it", "Quick start". */
export function isStart(heading: string): boolean {
  const role = roleOf(heading);
  return role === 'install' || role === 'run' || /^\W*(?:getting started|get started|quick ?-?start)/i.test(heading);
}

/** "Run" below "Development". */
function isForDevelopers({ parent }: Section): boolean {
  return parent !== undefined && (roleOf(parent.heading) === 'development' || isForDevelopers(parent));
}

const CHECKOUT =
  /^(?:[$#>] ?)?(?:yarn(?: install)?|(?:npm|pnpm|bun) (?:i|ci|install)|bundle(?: install)?|composer install|poetry install|uv sync|pip3? install -r \S+|go mod download|mix deps\.get|git clone \S+(?: \S+)?|cd \S+)$/;

/** "Installation" that only fetches the packages of a checkout: who reads on works in it, and has no other way to start it. */
function preparesCheckout({ heading, slug }: Section, { blocks }: RunbookDocument): boolean {
  const lines = blocks.flatMap((block) =>
    block.kind === 'code' && block.section.slug === slug ? block.text.split('\n').map((line) => line.trim()) : [],
  );
  const typed = lines.filter((line) => line !== '' && !/^#\s/.test(line));
  return roleOf(heading) === 'install' && typed.length > 0 && typed.every((line) => CHECKOUT.test(line));
}

/** The one heading of level 1, when it stands first. */
function titleSection({ sections }: RunbookDocument): Section | undefined {
  const [, first] = sections;
  return first?.level === 1 && sections.filter(({ level }) => level === 1).length === 1 ? first : undefined;
}

/** "High rollback rate", "Rollback stuck": what is wrong with taking back. */
const COUNTED =
  /\b(?:high|low|many|frequent|repeated|excessive|unexpected|failed|failing|stuck)\b.*\b(?:roll(?:ed)?[- ]?backs?|reverts?)\b|\b(?:roll[- ]?backs?|reverts?) (?:rates?|ratio|count|loops?|storms?|failures?|fails|failing|errors?|alerts?|stuck|issues)\b/i;

const JOINED = phrase(/[&+/,・、と和与及]|\b(?:and|or|und|oder|et|ou|y|e|con|with)\b|(?<!\p{L})(?:и|или)(?!\p{L})/iu);

/** "Runbook: Rollback", but not "Deployment and rollback". */
function isAboutUndoing(title: string): boolean {
  return roleOf(title) === 'rollback' && !COUNTED.test(title) && !JOINED.test(title);
}

const README_HEADINGS =
  /^\W*(?:licen[cs]e|contribut(?:e|ing|ors?)|features|acknowledge?ments?|credits|authors?|maintainers|change ?log|roadmap|sponsors?|badges|community|code of conduct|why\b|screenshots?|motivation|related projects|star history|highlights)\b/i;

/**
 * By its name, unless its title names a task or its headings are those of a procedure; a file of another name by several headings that presentations of
 * a program have.
 */
function isReadme({ sections }: RunbookDocument, file: string, title: string): boolean {
  const typical = new Set(sections.flatMap(({ heading }) => README_HEADINGS.exec(heading)?.[0].toLowerCase() ?? []));
  if (typical.size >= 2) return true;
  return (
    /^readme\b/i.test(basename(file)) &&
    (typical.size === 1 || !(isProcedure(sections) || namesTask(title) || isOneTask(sections, title)))
  );
}

/** "Resize a disk with ext3", and nothing below it is headed. */
function isOneTask(sections: readonly Section[], title: string): boolean {
  return sections.filter(({ level }) => level > 0).length === 1 && ONE_TASK.test(title);
}

const ONE_TASK =
  /^\W*(?!.*\b(?:scripts?|tools?|toolkit|helpers?|utility|utilities|apps?|bot|plugin|action|library|template|examples?|demo|playbook|role|module|package|server|service|client)\b)(?:resiz|extend|expand|grow|shrink|renew|rotat|restor|recover|replac|renam|mov|migrat|upgrad|enabl|disabl|configur|delet|remov)(?:e|ing)?\s+\S+\s+\S/i;

const STEP = /^\W*(?:(?:step|phase|schritt|étape|paso|passo|шаг)\s*\d|\d+[.)]\s)/i;

function isProcedure(sections: readonly Section[]): boolean {
  const roles = sections.map(({ heading }) => roleOf(heading));
  const steps = sections.filter(({ heading }) => STEP.test(heading)).length;
  return steps >= 2 || roles.includes('rollback') || roles.includes('verify');
}
