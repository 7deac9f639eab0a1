import { lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Skills } from '#compile/skills/expand.js';
import { readSkill } from '#compile/skills/read.js';
import { type KnownSkill, SKILL_NAME } from '#ir/skill.js';
import { OpsroomError } from '#kit/errors.js';
import { isWithin } from '#sandbox/paths.js';
import { PACKAGE_FOLDER } from '../examples.js';

const FOLDER = 'skills';
const ENDING = '.yaml';
const MOST_BYTES = 256 * 1024;
/** More of a project's folder are not listed. */
const MOST = 500;

export interface SkillFile {
  readonly name: string;
  /** `project`: of the project folder, where it takes the place of a shipped one of the same name. */
  readonly origin: 'shipped' | 'project';
  readonly path: string;
}

/** The skills of the package and of a project folder. A file is read when a plan names it, and anew each time: it may have changed. */
export class SkillFolder implements Skills {
  constructor(private readonly project: string | undefined) {}

  get(name: string): KnownSkill | undefined {
    const file = this.find(name);
    return file === undefined ? undefined : readSkill(this.text(file), file.path, name);
  }

  names(): string[] {
    const found = this.folders().flatMap(({ folder }) => filesIn(folder));
    const names = found.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
    return [...new Set(names.filter((name) => SKILL_NAME.test(name)))].toSorted().slice(0, MOST);
  }

  /** Where a skill's file lies; undefined when there is none. A link that leads nowhere is a file, and a broken one. */
  find(name: string): SkillFile | undefined {
    if (!SKILL_NAME.test(name)) return undefined;
    return this.folders()
      .map(({ folder, origin }) => ({ name, origin, path: join(folder, `${name}${ENDING}`) }))
      .find(({ path }) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
  }

  /** @throws OpsroomError SKILL_INVALID for what is no plain file of the folder */
  text({ path, origin }: SkillFile): string {
    const base = origin === 'shipped' || this.project === undefined ? PACKAGE_FOLDER : this.project;
    const about = statOf(path);
    const isOurs = about !== undefined && isWithin(realpathSync(path), realpathSync(base));
    if (isOurs && about.isFile() && about.size <= MOST_BYTES) return readFileSync(path, 'utf8');
    throw new OpsroomError('SKILL_INVALID', {
      what: 'The skill is no file of its folder with at most 256 KiB',
      where: path,
    });
  }

  private folders(): { folder: string; origin: SkillFile['origin'] }[] {
    const own = this.project === undefined ? [] : [{ folder: join(this.project, FOLDER), origin: 'project' as const }];
    return [...own, { folder: join(PACKAGE_FOLDER, FOLDER), origin: 'shipped' }];
  }
}

/** Undefined for a link that leads nowhere, or in a circle. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
