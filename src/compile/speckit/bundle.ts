import { OpsroomError } from '#kit/errors.js';
import { MAX_BYTES } from '../yaml.js';

/** A file of a bundle: its path relative to the folder that was named, with `/`, and its text. */
export interface BundleFile {
  readonly path: string;
  readonly text: string;
}

export interface Bundle {
  readonly tasks: BundleFile;
  readonly spec: BundleFile | undefined;
  /** Documents that whoever does a task should read: constitution, spec, plan and what lies beside them. */
  readonly context: readonly BundleFile[];
}

const SPEC_NAMES = ['spec.md', 'prd.md', 'requirements.md', 'feature.md'];
const CONTEXT_NAMES = ['plan.md', 'design.md', 'research.md', 'data-model.md', 'quickstart.md'];
const MOST_FILES = 500;

/** Whether a file of this path is a task list of Spec Kit. */
export function isTaskList(path: string): boolean {
  return /(?:^|\/)tasks?(?:-list)?\.(?:md|markdown)$/i.test(path) && !isTemplate(path);
}

/** Whether a file is a workflow of Spec Kit: `.specify/workflows/…/workflow.yml`, or another in that form. */
export function isWorkflow({ path, text }: BundleFile): boolean {
  return /\.ya?ml$/i.test(path) && /^workflow:/m.test(text) && /^steps:/m.test(text);
}

function isTemplate(path: string): boolean {
  return /(?:^|\/)(?:templates?|commands|node_modules|\.git)\//.test(path);
}

/**
 * What the files of a folder are to Spec Kit, in any of its layouts: `specs/NNN-name/`, `spec/<slug>/`, `.specify/specs/…`, or a
 * `tasks.md` alone.
 * @throws OpsroomError SPECKIT_NONE without a task list, SPECKIT_SEVERAL with more than one, PLAN_TOO_LARGE
 */
export function readBundle(files: readonly BundleFile[]): Bundle {
  refuseLarge(files);
  const [tasks, ...others] = files.filter(({ path }) => isTaskList(path));
  if (tasks === undefined) throw new OpsroomError('SPECKIT_NONE');
  if (others.length > 0) {
    const found = [tasks, ...others].map(({ path }) => path).sort();
    const more = found.length > 10 ? `, and ${found.length - 10} more` : '';
    throw new OpsroomError('SPECKIT_SEVERAL', {
      what: `There are ${found.length}: ${found.slice(0, 10).join(', ')}${more}.`,
    });
  }
  const folder = folderOf(tasks.path);
  const beside = (name: string) => files.find(({ path }) => path.toLowerCase() === `${folder}${name}`.toLowerCase());
  const spec = SPEC_NAMES.map(beside).find((file) => file !== undefined);
  const constitution = nearest(files, folder);
  const documents = [constitution, spec, ...CONTEXT_NAMES.map(beside)];
  return { tasks, spec, context: documents.filter((file) => file !== undefined) };
}

function refuseLarge(files: readonly BundleFile[]): void {
  const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (files.length > MOST_FILES || bytes > MAX_BYTES)
    throw new OpsroomError('PLAN_TOO_LARGE', {
      what: `A bundle has at most ${MOST_FILES} files with ${MAX_BYTES} bytes together; this one has ${files.length} with ${bytes}.`,
    });
  const binary = files.find(({ text }) => text.includes('\0'));
  if (binary !== undefined)
    throw new OpsroomError('PLAN_UNREADABLE', { what: 'The file is binary, not text in UTF-8.', where: binary.path });
}

/** The constitution that lies nearest: beside the tasks, else the one of the project. */
function nearest(files: readonly BundleFile[], folder: string): BundleFile | undefined {
  const found = files.filter(({ path }) => /(?:^|\/)constitution\.md$/i.test(path) && !isTemplate(path));
  return found.find(({ path }) => folderOf(path) === folder) ?? found[0];
}

/** With the slash at its end; empty for a file that lies in no folder. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
