import type { ReactNode } from 'react';
import { Choice } from '../ui/choice.js';
import { Field } from '../ui/field.js';
import { BY_A_PERSON, DOERS, type Doing, type DoingText, needsFolder, readDoing, type Who } from './doing.js';
import styles from './page.module.css';

interface Props {
  doing: Doing | undefined;
  onDoing: (doing: Doing) => void;
}

const AGENT =
  'does each task in a clone of the project, on the machine of the room; what it did stays a commit of the clone, or goes to the branch of the pull request.';
const WHO: Readonly<Record<Who, string>> = {
  person: 'Each task waits until a person has done it and says so; nothing checks it.',
  'claude-code': `Claude Code ${AGENT}`,
  codex: `Codex ${AGENT}`,
  cursor: `Cursor’s agent ${AGENT}`,
  program:
    'The program runs once for each task, in the folder of the project, as the user of the room; it is told the task on its standard input and in OPSROOM_TASK.',
};

/** Who does the tasks of a list, what judges each, and where the project is. */
export function WhoDoesIt({ doing = BY_A_PERSON, onDoing }: Props) {
  const { wrong } = readDoing(doing);
  const text = (name: DoingText, label: string, note: ReactNode, placeholder: string) => (
    <Field label={label} note={wrong[name] ?? note} wrong={wrong[name] !== undefined}>
      {(ids) => (
        <input
          {...ids}
          value={doing[name]}
          placeholder={placeholder}
          maxLength={2000}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={wrong[name] !== undefined || undefined}
          onChange={({ target }) => onDoing({ ...doing, [name]: target.value })}
        />
      )}
    </Field>
  );
  const handed = doing.who !== 'person';
  return (
    <section className={`${styles['section']} ${styles['doing']}`} aria-label="Tasks">
      <Choice
        label="Who does the tasks"
        of={DOERS}
        value={doing.who}
        onChange={(who) => onDoing({ ...doing, who })}
        note={WHO[doing.who]}
      />
      {doing.who === 'program' &&
        text('program', 'Program', 'Its words; quotes keep words together, and no shell reads them.', 'claude -p')}
      {handed &&
        text(
          'check',
          'What judges each task (may be left out)',
          'A program, in words, that must end with exit code 0 after the task. The tasks follow each other then, also those marked [P].',
          'npm test',
        )}
      {text(
        'repo',
        'Pull request to (may be left out)',
        'The tasks are done on a branch, which is pushed there at the end, with the secret GITHUB_TOKEN; the pull request leads to the proof.',
        'OWNER/NAME',
      )}
      {doing.repo.trim() !== '' &&
        text('server', 'Its GitHub server (may be left out)', 'Of a GitHub Enterprise Server.', 'https://HOST/api/v3')}
      {needsFolder(doing) &&
        text(
          'folder',
          'Folder of the project',
          'Its absolute path on the machine of the room: files that were dropped do not say where they lay.',
          '/home/ada/shop',
        )}
      {needsFolder(doing) &&
        text(
          'documents',
          'The documents are in (may be left out)',
          'Below that folder. Who does a task is told to read them there, and the branch is called like it.',
          'specs/001-search',
        )}
    </section>
  );
}
