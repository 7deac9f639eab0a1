import { BY_A_PERSON, type Doing, keptDoing, pathIn, readDoing } from './doing.js';

/** What somebody is about to run: a text, and how it is to be read. */
export interface Draft {
  readonly text: string;
  readonly file: string;
  /** Of a task list: the documents that were dropped with it. */
  readonly beside?: readonly { readonly path: string; readonly text: string }[];
  /** Of a task list: who does the tasks; without it, a person. */
  readonly doing?: Doing;
  /** Of a plan that was drafted: where its steps came from. */
  readonly origins?: readonly Origin[];
  /** Of a plan that was drafted: where the values of its inputs came from, and what has to be answered. */
  readonly values?: readonly ValueOrigin[];
  readonly questions?: readonly string[];
  /** What policies say to it as it was drafted, where that is not yes. */
  readonly policy?: string;
}

/** By whom the value of an input was chosen, and what is asked where nobody chose one. */
export interface ValueOrigin {
  readonly name: string;
  readonly from: 'rule' | 'model' | 'asked' | 'template';
  readonly value: unknown;
  readonly question: string;
}

/** Where a step of a draft came from. */
export interface Origin {
  readonly step: string;
  /** `restart.pdf, page 2, paragraph 1, line 14`, or who chose it and why. */
  readonly words: string;
  /** The id of the document, and the line there. */
  readonly document?: string;
  readonly line?: number;
}

const KEY = 'opsroom.draft';
/** The room takes no larger ones. */
export const MOST_BYTES = 8 * 1024 * 1024;

/** Other Markdown than a task list is a runbook, all else a plan in YAML or JSON. */
export function isRunbook(file: string): boolean {
  return /\.(?:md|markdown)$/i.test(file) && !isTaskList(file);
}

/** Whether a file of this name is a task list of Spec Kit. */
export function isTaskList(file: string): boolean {
  return /^tasks?\.(?:md|markdown)$/i.test(file);
}

/** As the API takes it; of what was said of the tasks what is right. */
export function planOf({ text, file, beside = [], doing = BY_A_PERSON }: Draft) {
  const { body } = readDoing(doing);
  if (!isTaskList(file) || (beside.length === 0 && Object.keys(body).length === 0)) return { text, file };
  const bundle = [{ path: file, text }, ...beside].map((one) => ({ ...one, path: pathIn(doing, one.path) }));
  return { bundle, ...body };
}

/** Why a draft cannot run yet. */
export function lacksIn({ file, doing = BY_A_PERSON }: Draft): string | undefined {
  return isTaskList(file) ? readDoing(doing).lacks : undefined;
}

/** The files of a Spec Kit folder as one draft; of other files the first. */
export function draftOf(files: readonly { readonly path: string; readonly text: string }[]): Draft | undefined {
  const list = files.find(({ path }) => isTaskList(path)) ?? files[0];
  if (list === undefined) return undefined;
  const beside = files.filter((file) => file !== list && /\.md$/i.test(file.path));
  return { text: list.text, file: list.path, ...(isTaskList(list.path) && beside.length > 0 ? { beside } : {}) };
}

/** The name of a pasted text: a plan says so on its first lines or is a JSON object; all else is prose with commands in it. */
export function fileFor(text: string): string {
  const start = text.slice(0, 4000);
  if (/^\s*\{/.test(start)) return 'plan.json';
  if (/^\s*[-*] \[[ xX]\] +(?:\*\*)?(?:T|TASK)-?\d/m.test(text.slice(0, 40_000))) return 'tasks.md';
  return /^(?:apiVersion|kind|title|steps|inputSchema)\s*:/m.test(start) && !/^#{1,3}\s\S|^```/m.test(start)
    ? 'plan.yaml'
    : 'runbook.md';
}

/** What a draft has beside its text. */
const LISTS: ReadonlySet<string> = new Set(['beside', 'origins', 'values', 'questions'] satisfies (keyof Draft)[]);

/** What was being written in this tab before it was loaded anew. */
export function keptDraft(): Draft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    if (typeof kept === 'object' && kept !== null && 'text' in kept && 'file' in kept) {
      const lists = Object.entries(kept).filter(([name, value]) => LISTS.has(name) && Array.isArray(value));
      const doing = 'doing' in kept ? keptDoing(kept.doing) : undefined;
      return {
        ...Object.fromEntries(lists),
        text: String(kept.text),
        file: String(kept.file),
        ...(doing && { doing }),
        ...('policy' in kept && typeof kept.policy === 'string' && { policy: kept.policy }),
      };
    }
  } catch {
    // Nothing was kept, or it may not be read: an empty page does as well.
  }
  return { text: '', file: 'runbook.md' };
}

/** Keeps it for a reload of this tab. */
export function keepDraft(draft: Draft): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // Too large, or forbidden: it is on the page all the same.
  }
}

/** Whoever signs in next in this tab must not find it, and no other organisation. */
export function forgetDraft(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // It may not be touched, so nothing was kept either.
  }
}
