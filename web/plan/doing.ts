import { wordsOf } from '#ir/command-line.js';
import { isGithubServer, REPO_PATTERN } from '#ir/repository.js';

/** Who may do the tasks of a list. */
export const DOERS = [
  ['person', 'a person'],
  ['claude-code', 'Claude Code'],
  ['codex', 'Codex'],
  ['cursor', 'Cursor agent'],
  ['program', 'a program'],
] as const;
export type Who = (typeof DOERS)[number][0];

/** How the tasks of a list are done, as it was chosen and typed. */
export interface Doing {
  readonly who: Who;
  /** The program and its arguments, in words. */
  readonly program: string;
  /** What judges each task, likewise. */
  readonly check: string;
  /** `OWNER/NAME` of the pull request at the end, and the API of its server. */
  readonly repo: string;
  readonly server: string;
  /** Absolute, on the machine of the room. */
  readonly folder: string;
  /** Where the documents are in it. */
  readonly documents: string;
}
export type DoingText = Exclude<keyof Doing, 'who'>;

export const BY_A_PERSON: Doing = {
  who: 'person',
  program: '',
  check: '',
  repo: '',
  server: '',
  folder: '',
  documents: '',
};

/** A program and its arguments; the document of the API names the first alone. */
type Argv = [string];

/** What of it goes to the API: only what is right. */
export interface DoingBody {
  readonly doer?: { agent: true; preset: 'claude-code' | 'codex' | 'cursor' } | { argv: Argv };
  readonly check?: Argv;
  readonly pullRequest?: { repo: string; githubUrl?: string };
  readonly folder?: string;
}

export interface DoingRead {
  readonly body: DoingBody;
  /** What is wrong with what was typed. */
  readonly wrong: Partial<Record<DoingText, string>>;
  /** Why nothing can run yet. */
  readonly lacks: string | undefined;
}

/** Whether anything of it is there but a person's hands: then the folder of the project has to be known. */
export const needsFolder = ({ who, repo }: Doing): boolean => who !== 'person' || repo.trim() !== '';

/** What was chosen and typed, as the API takes it, and what is wrong with it or missing. */
export function readDoing(doing: Doing): DoingRead {
  const { who } = doing;
  const handed = who !== 'person';
  const [repo, server, folder, documents] = [doing.repo, doing.server, doing.folder, doing.documents].map((text) =>
    text.trim(),
  ) as [string, string, string, string];
  const program = who === 'program' ? argvOf(doing.program) : {};
  const check = handed ? argvOf(doing.check) : {};
  const isRepo = REPO_PATTERN.test(repo);
  const needs = needsFolder(doing);
  const wrong: [DoingText, string | undefined][] = [
    ['program', program.wrong],
    ['check', check.wrong],
    ['repo', repo === '' || isRepo ? undefined : 'A repository is written OWNER/NAME.'],
    [
      'server',
      repo === '' || server === '' || isGithubServer(server) ? undefined : 'A server is written https://HOST/api/v3.',
    ],
    ['folder', !needs || folder === '' || folder.startsWith('/') ? undefined : 'An absolute path begins with /.'],
    [
      'documents',
      needs && !isBelow(documents) ? 'A path below the folder of the project, such as specs/001-search.' : undefined,
    ],
  ];
  const found = Object.fromEntries(wrong.filter(([, text]) => text !== undefined)) as DoingRead['wrong'];
  const doer = who === 'person' ? undefined : who === 'program' ? program.argv && { argv: program.argv } : agent(who);
  const enterprise = found.server === undefined && server !== '' ? { githubUrl: server } : {};
  return {
    body: {
      ...(doer && { doer }),
      ...(doer && check.argv && { check: check.argv }),
      ...(isRepo && { pullRequest: { repo, ...enterprise } }),
      ...(needs && folder.startsWith('/') && { folder }),
    },
    wrong: found,
    lacks: lacksOf(doing, Object.keys(found).length > 0),
  };
}

/** The path of a document in the project. */
export function pathIn(doing: Doing, file: string): string {
  const folder = doing.documents.trim().replace(/\/+$/, '');
  return folder === '' || !needsFolder(doing) || !isBelow(folder) ? file : `${folder}/${file}`;
}

/** What was kept of it in this tab. */
export function keptDoing(kept: unknown): Doing | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined;
  const { who, ...texts } = { ...BY_A_PERSON, ...kept };
  if (!DOERS.some(([one]) => one === who) || Object.values(texts).some((text) => typeof text !== 'string'))
    return undefined;
  return { ...texts, who };
}

const agent = (preset: 'claude-code' | 'codex' | 'cursor') => ({ agent: true, preset }) as const;

function argvOf(line: string): { argv?: Argv; wrong?: string } {
  const found = wordsOf(line);
  if ('open' in found) return { wrong: `A quote (${found.open}) is not closed.` };
  const [program] = found.words;
  if (program === undefined) return {};
  return program === '' ? { wrong: 'Name a program.' } : { argv: [...found.words] as Argv };
}

function isBelow(path: string): boolean {
  return !path.startsWith('/') && !path.split('/').includes('..');
}

function lacksOf(doing: Doing, wrong: boolean): string | undefined {
  if (wrong) return 'Mend first what is said above of who does the tasks.';
  if (doing.who === 'program' && doing.program.trim() === '') return 'Name the program that does the tasks.';
  if (needsFolder(doing) && doing.folder.trim() === '') return 'Say above in which folder the project is.';
  return undefined;
}
