/**
 * What git is asked to do around the tasks, for `sh -eu` and `bash -euo pipefail`. All values come as variables: BRANCH, BASE, SHA,
 * MESSAGE, FROM (the commit that the tasks began from), SINCE (when the run began) and REMOTE; the token comes on the standard input, which the step's own environment
 * does not tell of.
 *
 * Whoever did the tasks could write to the repository: its hooks and its settings run with whatever git is given. So the token is
 * given to git only in a bare repository of the step's own, by a program that git asks, which keeps it out of every list of
 * processes; no settings of the machine are read there that could send it elsewhere or keep it.
 */
const REMOTELY = `mine=$(mktemp -d) && trap 'rm -rf "$mine"' EXIT
printf '#!/bin/sh\\ncase $1 in Username*) echo x-access-token ;; *) printf "%%s\\\\n" "$TOKEN" ;; esac\\n' > "$mine/ask"
chmod 700 "$mine/ask"
git init --quiet --bare --template= "$mine/git"
remotely() {
  TOKEN=$token GIT_ASKPASS=$mine/ask GIT_TERMINAL_PROMPT=0 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 \\
    git --git-dir="$mine/git" -c credential.helper= "$@"
}
`;

/** Before anything else is started: nobody reads it after that. */
const TAKEN = 'IFS= read -r token || :\n';

const REFUSE = `refuse() { echo "$1" >&2; exit 1; }
`;

/**
 * A git that was killed leaves its locks behind, and every later one refuses. One that was made since the run began is of a git that the
 * run or its tasks had started, or of somebody's beside it: it is removed once no git lives on this machine. Any other is left to a
 * person, and so it is where the programs that run or the time of a file cannot be told.
 */
const FREED = `lives() {
  if [ -r /proc/self/stat ]; then { cat /proc/[0-9]*/stat 2>/dev/null || :; } | grep -q '^[0-9]* (git) [^ZX]'
  else all=$(ps -Ao stat=,comm=) || return 0; printf '%s\n' "$all" | grep '^[^Z].*git$' > /dev/null; fi
}
free() {
  looks=0
  while [ -e "$1" ] && { [ "$looks" -lt 2 ] || lives; } && [ "$looks" -lt 20 ]; do looks=$((looks + 1)); sleep 1; done
  [ -e "$1" ] || return 0
  if lives || [ -z "$(find "$1" -newermt "$SINCE" 2>/dev/null)" ]; then refuse "A git works in this repository, or one was killed and left its \
lock behind: $1. Let it end; if there is none, remove that file. Then go on with: opsroom rerun $OPSROOM_RUN_ID"; fi
  rm -f -- "$1"
  echo "Removed $1: a git that was killed in this run had left it behind." >&2
}
for name in index HEAD "refs/heads/$BRANCH"; do free "$(git rev-parse --git-path "$name.lock")"; done
`;

/**
 * Whether the token may push is asked of the side that takes pushes: a public repository is read without one. Nothing is sent, as there
 * is nothing in what would be.
 */
const MAY_PUSH = `nothing=$(git --git-dir="$mine/git" -c user.name=Opsroom -c user.email=run@opsroom.invalid \\
  commit-tree -m nothing "$(git --git-dir="$mine/git" hash-object -w -t tree /dev/null)")
remotely push --quiet --dry-run -- "$REMOTE" "$nothing:refs/heads/opsroom-$OPSROOM_RUN_ID" || refuse "The token may not push to $REMOTE."
`;

/** Refuses what would only come out when all the tasks are done; leaves in `ours` what the tasks begin from. */
export const BEGUN = `${TAKEN}${REFUSE}test "$BRANCH" != "$BASE" ||
  refuse "The tasks would be done on $BASE, which the pull request is for. Name another branch: --input branch=NAME."
${FREED}${REMOTELY}test -z "$(git status --porcelain --untracked-files=all)" ||
  refuse 'There are changes that are not committed. Commit or stash them first: what the tasks change is told from them.'
heads=$(remotely ls-remote -- "$REMOTE" "refs/heads/$BASE" "refs/heads/$BRANCH") || refuse "$REMOTE cannot be read."
at() { printf '%s\\n' "$heads" | REF=refs/heads/$1 awk '$2 == ENVIRON["REF"] { print $1 }'; }
test -n "$(at "$BASE")" || refuse "$REMOTE has no branch $BASE."
${MAY_PUSH}theirs=$(at "$BRANCH")
ours=HEAD
if git show-ref --verify --quiet "refs/heads/$BRANCH"; then ours=refs/heads/$BRANCH; fi
test -z "$theirs" || git merge-base --is-ancestor "$theirs" "$ours" 2>/dev/null ||
  refuse "The branch $BRANCH of $REMOTE has commits that are not here. Fetch and merge them first."
`;

const REWRITTEN = `refuse "The tasks rewrote the history of $BRANCH: it no longer has the commit that they began from, $FROM. Nothing of it is \
pushed. Look at it with: git log $FROM...$BRANCH. To keep the files and give up the commits: git reset --soft $FROM, then: opsroom rerun $OPSROOM_RUN_ID"`;

/** Whatever is checked out by then must still be the branch, and go on from where it was. Commits of the tasks' own are told. */
export const COMMIT = `${REFUSE}test "$(git symbolic-ref --quiet --short HEAD)" = "$BRANCH" || refuse "The branch $BRANCH is not checked out any more."
git --no-replace-objects merge-base --is-ancestor "$FROM" HEAD || ${REWRITTEN}
own() { git --no-replace-objects rev-list --count "$@" "$FROM..HEAD"; }
made=$(($(own) - $(own --fixed-strings --committer='<run@opsroom.invalid>')))
test "$made" = 0 || echo "Commits that the tasks made themselves, which go along: $made"
${FREED}git add --all
git diff --cached --quiet ||
  git -c user.name=Opsroom -c user.email=run@opsroom.invalid -c commit.gpgSign=false commit --quiet --message "$MESSAGE"
echo "sha=$(git rev-parse HEAD)" >> "$OPSROOM_OUTPUT"
`;

/**
 * That very commit, and nothing that came to the branch since; a shallow clone has all that is pushed from it. What it came from is asked
 * once more where nothing that the tasks left (replaced objects, grafts) takes part in the answer.
 */
export const PUSH = `${TAKEN}${REFUSE}${REMOTELY}project=$(git rev-parse --show-toplevel)
git --git-dir="$mine/git" fetch --quiet --update-shallow -- "$project" "+refs/heads/$BRANCH:refs/heads/$BRANCH"
test "$(git --git-dir="$mine/git" rev-parse "refs/heads/$BRANCH")" = "$SHA" || refuse "The branch $BRANCH is not at $SHA any more."
git --git-dir="$mine/git" merge-base --is-ancestor "$FROM" "$SHA" 2>/dev/null || ${REWRITTEN}
remotely push --quiet -- "$REMOTE" "refs/heads/$BRANCH:refs/heads/$BRANCH"
`;

/** A verifier has no standard input. Nothing of the repository takes part in it. */
export const PUSHED = `token=$TOKEN && unset TOKEN
${REMOTELY}test "$(remotely ls-remote "$REMOTE" "refs/heads/$BRANCH" | cut -f1)" = "$SHA"
`;
