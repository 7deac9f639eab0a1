import type { Command, ShellFacts } from '../../shell/facts.js';
import { isReadOnly } from '../../shell/judge/reading.js';
import { finderOf, plainWords, type Shape } from '../../shell/judge/shapes.js';

/** What others get to see once it is done, and what those do who change a program. */

/** It pushes or tags with git: a README shows it to those who contribute or release. */
export function isPushing({ commands }: ShellFacts): boolean {
  return commands.some(
    (command) =>
      command.program === 'git' && !isReadOnly(command) && /^(?:push|tag)$/.test(plainWords(command)[0] ?? ''),
  );
}

const DOCKER = ['docker', 'podman', 'nerdctl'];
const MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'];

/** Programs by which others get a new version, a page or an image. */
const PUBLISHING: readonly Shape[] = [
  { programs: DOCKER, words: ['push'] },
  { programs: [...DOCKER, 'docker-compose'], words: ['compose|image|manifest', 'push'] },
  { programs: ['docker-compose', 'helm', 'oras', 'crane', 'buildah', 'gem'], words: ['push'] },
  { programs: DOCKER, words: ['build|buildx'], flags: ['--push'] },
  { programs: ['huggingface-cli', 'hf'], words: ['upload|upload-large-folder'] },
  { programs: ['vercel', 'netlify'], flags: ['--prod'] },
  { programs: ['mkdocs'], words: ['gh-deploy'] },
  { programs: ['gh-pages'] },
  { programs: ['mvn', 'mvnw'], argument: /^(?:deploy|release:\w+|\w+:deploy)$/ },
  { programs: ['gradle', 'gradlew'], argument: /(?:^|:)(?:publish\w*|release)$/ },
  { programs: MANAGERS, words: ['publish'] },
  { programs: MANAGERS, words: ['version', '*'] },
  { programs: MANAGERS, words: ['run', 'publish|release|upload'] },
  { programs: ['cargo', 'poetry', 'uv', 'hatch', 'flit', 'lerna', 'vsce', 'ovsx'], words: ['publish|release'] },
  { programs: ['lerna', 'changeset'], words: ['version|publish|tag'] },
  { programs: ['changeset', 'semantic-release', 'release-it', 'standard-version', 'bump2version', 'bumpversion'] },
  { programs: ['goreleaser', 'gh', 'glab'], words: ['release', 'create|upload'] },
  { programs: ['goreleaser'], words: ['release'], unless: ['--snapshot'] },
  { programs: ['twine'], words: ['upload'] },
  { programs: ['python', 'python3'], words: ['twine', 'upload'] },
  { programs: ['make'], argument: /^(?:publish|release|upload|push)$/ },
];
const findPublishing = finderOf(PUBLISHING);

/** It gives a new version, a page or an image to others, by a program that is known to. */
export function isReleasing({ commands }: ShellFacts): boolean {
  return commands.some((command) => findPublishing(command) !== undefined && !command.args.includes('--dry-run'));
}

/** It pushes, publishes or uploads, by whatever program. */
export function isPublishing(facts: ShellFacts): boolean {
  return isPushing(facts) || isReleasing(facts) || facts.commands.some(saysPublishing);
}

/** Of a program that nobody knows, the first word says it, or the one behind `run`; words of `mkdir` and `grep` are no deeds. */
function saysPublishing(command: Command): boolean {
  if (command.program === 'git' || HANDLES_FILES.test(command.program) || isReadOnly(command)) return false;
  const [first, second] = plainWords(command);
  return /^(?:push|publish|upload)(?::|$)/.test((first === 'run' ? second : first) ?? '');
}

const HANDLES_FILES = /^(?:mkdir|cd|rm|rmdir|cp|mv|ls|cat|echo|touch|chmod|chown|tar|ln)$/;

/** It records a change of the program itself. */
export function isCommitting({ commands }: ShellFacts): boolean {
  return commands.some((command) => command.program === 'git' && plainWords(command)[0] === 'commit');
}
