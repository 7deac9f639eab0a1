/** What can be said of a shell script without running it. Offsets count UTF-16 units of the script. */
export interface ShellFacts {
  /** False when the grammar found an error, the script is too long or too deep, or signs turn the order in which it is shown: it is not trusted to do what it looks like. */
  readonly parsed: boolean;
  readonly commands: readonly Command[];
  /** Read before (or without) being assigned in this script, `$1`, `$?`, `$HOME` and the like not counted. In order of first use. */
  readonly freeVariables: readonly string[];
  /** Read with a default (`${X:-d}`, `${X+d}`) before being assigned in this script: it does without them. */
  readonly defaultedVariables: readonly string[];
  /** Set by the script so that later scripts of the same shell see them: assignments, `export`, `read`, `for`, `${X:=…}`. */
  readonly assignedVariables: readonly string[];
  /** Those of them that something else than an assignment of its own in the script sets: `read`, `for`, `${X:=…}`, `A[1]=…`, `eval`. */
  readonly assignedOtherwise: readonly string[];
  /** Takes in code that is not here (`source FILE`, `. FILE`, `eval "$X"`), which may assign what seems free. */
  readonly sources: boolean;
  readonly placeholders: readonly Placeholder[];
}

/** One simple command, also inside pipelines, substitutions, functions and compound commands. */
export interface Command {
  /** Program name as written, last path part, without `sudo`, `env X=1`, `time`, `nohup`, `command`, `exec` in front; empty for a mere assignment. */
  readonly program: string;
  /** Words after the program; quotes removed where the word is a plain literal, else as written. */
  readonly args: readonly string[];
  /** Ended by `timeout`, whether it would end by itself or not. */
  readonly limited: boolean;
  /** Followed by `&`. */
  readonly inBackground: boolean;
  /** Inside `$(…)`, backquotes or `<(…)`. */
  readonly substituted: boolean;
  /** Where it goes, and what it sets, is lost with the shell or program that it runs in: `(…)`, `bash -c '…'`, a part of a pipe, `ssh`, `&`. */
  readonly subshell: boolean;
  /** Run elsewhere by another command of this script that comes before it: `ssh HOST '…'`, `docker exec`, `kubectl exec`. */
  readonly remote: boolean;
  readonly input: Input;
  /** Files its output is redirected to, as in `args`; `/dev/null` and descriptors not counted. */
  readonly writes: readonly string[];
  /** Those of them that keep what they hold: `>>`. */
  readonly appends: readonly string[];
  /** Failing, it fails nothing even under `set -e -o pipefail`: a condition, before `|| true`, in the background, substituted. */
  readonly exitIgnored: boolean;
  readonly start: number;
  readonly end: number;
}

/**
 * Where standard input comes from. `from`: the programs before it in the pipeline. `text`: a heredoc or here-string as written, nothing of
 * `/dev/null`; of a pipe what `echo` or `printf` right before it prints, or `cat` and `tee` hand on. `file`: what is read, by `<` or `cat`.
 */
export type Input =
  | { readonly kind: 'terminal' }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'pipe'; readonly from: readonly string[]; readonly text?: string; readonly file?: string }
  | { readonly kind: 'text'; readonly text: string };

/** Text that a person is meant to replace: `<your-app>`, `YOUR_TOKEN`, `{{name}}`, `example.com`, `[cluster]`. Redirections and heredoc bodies' markup are none. */
export interface Placeholder {
  readonly text: string;
  /** snake_case, fit for an input: `<your-app>` and `YOUR_APP` give `your_app`. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /**
   * Whether a quoted variable can stand there with the meaning kept: `bare` (a word of its own or a part of one), `double` (inside
   * double quotes or a heredoc that expands), `no` (single quotes, heredocs without expansion, arithmetic, command position, text
   * that another shell reads again): then people are asked to edit.
   */
  readonly place: 'bare' | 'double' | 'no';
  /** A variable's value that the author wants people to be asked for: where its name says so, it is a secret. */
  readonly prompted?: true;
}
