import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { git, plantFault } from '../harness/git.js';
import { type Github, startGithub } from '../harness/github.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';
import { type SkillRoom, skillRoom, wordsOf } from '../harness/skill-room.js';
import { story } from '../harness/template-room.js';

const LIMIT = 90_000;
const TOKEN = 'ghp_contract_server_token';
let at: SkillRoom;

beforeAll(async () => {
  at = await skillRoom({ OPSROOM_SECRET_GITHUB: TOKEN });
}, LIMIT);
afterAll(() => at?.close(), LIMIT);

describe('skills of repositories', () => {
  let github: Github;
  let remote: string;
  const patch = (line: string) =>
    `diff --git a/sum.sh b/sum.sh\n--- a/sum.sh\n+++ b/sum.sh\n@@ -1 +1 @@\n-echo $(($1 - $2))\n+${line}\n`;
  const args = (more: JsonObject = {}): JsonObject => ({
    remote,
    repo: 'octo-org/octo-repo',
    branch: 'mend-sum',
    patches: [patch('echo $(($1 + $2))')],
    message: 'Mend the sum; $(id) "so"',
    test: ['sh', 'test.sh'],
    token: '{{ secrets.GITHUB }}',
    baseUrl: github.url,
    reviewers: ['ada'],
    ...more,
  });

  beforeAll(async () => {
    github = await startGithub();
    const { folder } = at;
    remote = join(folder, 'remote.git');
    plantFault(folder, remote);
  });
  afterAll(() => github?.close());

  /** What GitHub's side does once a branch is there: it knows the commit, and its CI runs and ends. */
  function ciOf(branch: string, conclusion: string): () => void {
    const timer = setInterval(() => {
      const found = git(remote, 'for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`);
      if (found === '') return;
      github.refs.set(branch, found);
      const isAsked = github.asked.some(({ path }) => path.includes(found));
      const run = github.runs.find(({ head_sha }) => head_sha === found);
      if (run === undefined) github.runs.push(github.ci({ head_sha: found, status: 'in_progress', conclusion: null }));
      else if (isAsked) {
        Object.assign(run, { status: 'completed', conclusion });
        // As a webhook would.
        at.room.api.room.news.ring('octo-org/octo-repo');
      }
    }, 30);
    return () => clearInterval(timer);
  }

  test(
    verifies('SKILL-02', 'repo-mutation: a branch, patches, tests, a pull request and its CI, on a real remote'),
    async () => {
      const stop = ciOf('mend-sum', 'success');
      const done = await at.use('repo-mutation', args());
      stop();
      expect(done.status, story(done)).toBe('succeeded');
      expect(wordsOf(done)).toEqual({
        'use-begin': 'exit code only',
        'use-clone': 'proven',
        'use-patch': 'proven',
        'use-push': 'proven',
        'use-offer': 'proven',
        use: 'proven',
      });
      const sha = git(remote, 'rev-parse', 'mend-sum');
      expect(github.pulls[0]).toMatchObject({
        title: 'Mend the sum; $(id) "so"',
        body: expect.stringContaining(done.runId),
        head: { sha },
        requested_reviewers: [{ login: 'ada' }],
      });
      expect(JSON.stringify(done)).not.toContain(TOKEN);
    },
    LIMIT,
  );

  test(
    'patches that leave the tests red are not pushed; a red CI fails the whole',
    async () => {
      const wrong = await at.use(
        'repo-mutation',
        args({ branch: 'wrong', folder: 'second', patches: [patch('echo 0')] }),
      );
      expect(wordsOf(wrong)).toMatchObject({ 'use-patch': 'failed', use: 'pending' });
      expect(git(remote, 'branch', '--list', 'wrong')).toBe('');
      const stop = ciOf('red', 'failure');
      const red = await at.use('repo-mutation', args({ branch: 'red', folder: 'third' }));
      stop();
      expect(wordsOf(red), story(red)).toMatchObject({ 'use-offer': 'proven', use: 'failed' });
      expect(red.steps.at(-1)?.error?.message).toContain('ended as failure');
    },
    LIMIT,
  );

  test(
    'what the tests of the repository make of its settings does not lead the push elsewhere',
    async () => {
      git(at.folder, 'init', '-q', '--bare', 'thief.git');
      const thief = join(at.folder, 'thief.git');
      const turned = [
        `git config remote.origin.pushurl "${thief}"`,
        `git config "url.${thief}.insteadOf" "${remote}"`,
        'printf "%s\\n" "#!/bin/sh" "exit 1" > .git/hooks/pre-push && chmod 700 .git/hooks/pre-push',
        'sh test.sh',
      ];
      const stop = ciOf('turned', 'success');
      const test = ['sh', '-euc', turned.join('\n')];
      const done = await at.use('repo-mutation', args({ branch: 'turned', folder: 'fourth', test }));
      stop();
      expect(wordsOf(done), story(done)).toMatchObject({ 'use-push': 'proven', use: 'proven' });
      expect(git(remote, 'branch', '--list', 'turned')).not.toBe('');
      expect(git(thief, 'branch', '--list')).toBe('');
    },
    LIMIT,
  );

  test(
    verifies('SKILL-01', 'where it may be used is held, also when that is only known at the run'),
    async () => {
      await expect(at.use('repo-mutation', args(), { environment: 'moon' })).rejects.toThrow('may not be used on moon');
      const done = await at.use('repo-mutation', args(), { environment: '{{ inputs.elsewhere }}' });
      expect(wordsOf(done)).toMatchObject({ 'use-begin': 'failed', 'use-clone': 'pending' });
      expect(done.steps[0]?.error?.message).toBe('repo-mutation may not be used on moon');
    },
    LIMIT,
  );

  describe.skipIf(missing('bwrap', 'an agent works in bubblewrap'))('doc-to-code', () => {
    /** A scripted agent that needs nothing but a shell: it does what the last line of its task says. */
    const agent = ['sh', '-c', 'task=$(mktemp); sed -n "\\$p" > "$task"; . "$task"'];
    const wanted = (more: JsonObject): JsonObject => ({
      remote,
      repo: 'octo-org/octo-repo',
      agent,
      allowedPaths: ['sum.sh'],
      test: ['sh', 'test.sh'],
      message: 'Sums are sums',
      token: '{{ secrets.GITHUB }}',
      baseUrl: github.url,
      ...more,
    });
    const MEND = "printf 'echo $(($1 + $2))\\n' > sum.sh";

    test(
      verifies('SKILL-02', 'doc-to-code: a failing test turns green through a pull request, by a scripted agent'),
      async () => {
        const stop = ciOf('from-text', 'success');
        const done = await at.use(
          'doc-to-code',
          wanted({ branch: 'from-text', folder: 'fourth', text: `# Sums\n\nSum adds.\n${MEND}` }),
        );
        stop();
        expect(done.status, story(done)).toBe('succeeded');
        expect(wordsOf(done)).toMatchObject({
          'use-apply': 'proven',
          'use-push': 'proven',
          'use-offer': 'proven',
          use: 'proven',
        });
        expect(git(remote, 'show', 'from-text:sum.sh')).toBe('echo $(($1 + $2))');
        expect(git(remote, 'log', '--format=%s', 'main..from-text')).toBe('Sums are sums');
      },
      LIMIT,
    );

    test(
      'an agent that cheats, by changing the test, reaches nothing',
      async () => {
        const cheat = await at.use(
          'doc-to-code',
          wanted({ branch: 'cheat', folder: 'fifth', text: 'Pass.\necho true > test.sh' }),
        );
        expect(wordsOf(cheat)).toMatchObject({ 'use-work': 'failed', 'use-apply': 'pending' });
        expect(cheat.steps.find(({ id }) => id === 'use-work')?.error?.message).toContain(
          'not among the allowed paths: test.sh',
        );
        expect(git(remote, 'branch', '--list', 'cheat')).toBe('');
      },
      LIMIT,
    );
  });
});
