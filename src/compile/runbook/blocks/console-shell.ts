const TOKEN =
  /(?<escape>\\.?)|(?<quote>['"])|<<<|<<(?<strip>-?)\s*(?:'(?<single>[^']+)'|"(?<double>[^"]+)"|\\?(?<bare>[A-Za-z_][\w.-]*))|(?<comment>#.*)|(?<operator>\|\|?|&&|[;&()])|(?<space>\s+)|(?<word>(?:\$\{[^{}]*\}|[^\s\\'"<|&;()])+|<)/y;
const OPENERS: ReadonlySet<string> = new Set(['if', 'for', 'while', 'until', 'case', 'select', '{']);
const CLOSERS: ReadonlySet<string> = new Set(['fi', 'done', 'esac', '}']);
/** After these a command begins, as it does after an operator. */
const LEADERS: ReadonlySet<string> = new Set(['if', 'while', 'until', 'then', 'do', 'else', 'elif', '{', '!', 'time']);

/**
 * Tells whether a command that is shown line by line goes on: an open quote, heredoc, parenthesis, or compound command, a
 * backslash or an operator at the end. It follows the shell's rules as far as sessions in documents need.
 */
export class ShellLines {
  #quote: string | undefined;
  #heredocs: { readonly delimiter: string; readonly strip: boolean }[] = [];
  #compounds = 0;
  #parentheses = 0;
  /** The line ended with a backslash or with an operator that wants a command. */
  #continued = false;

  /** The word that ends the heredoc whose lines come next. */
  get delimiter(): string | undefined {
    return this.#heredocs[0]?.delimiter;
  }

  get unfinished(): boolean {
    const inside = this.#quote !== undefined || this.#heredocs.length > 0;
    return inside || this.#compounds > 0 || this.#parentheses > 0 || this.#continued;
  }

  add(line: string): void {
    const [heredoc] = this.#heredocs;
    if (heredoc === undefined) return this.#scan(line);
    if ((heredoc.strip ? line.replace(/^\t+/, '') : line) === heredoc.delimiter) this.#heredocs.shift();
  }

  #scan(line: string): void {
    this.#continued = false;
    let [at, commandNext, wordBefore] = [0, true, false];
    while (at < line.length) {
      if (this.#quote !== undefined) {
        at = this.#endOfQuote(line, at);
        continue;
      }
      TOKEN.lastIndex = at;
      const groups = TOKEN.exec(line)?.groups;
      // A `#` inside a word begins no comment.
      at = wordBefore && groups?.['comment'] !== undefined ? at + 1 : Math.max(TOKEN.lastIndex, at + 1);
      if (groups === undefined) continue;
      const { word, operator, space, quote, escape } = groups;
      this.#take(groups, commandNext);
      wordBefore = word !== undefined || quote !== undefined || escape !== undefined;
      if (space === undefined) commandNext = operator !== undefined || (commandNext && LEADERS.has(word ?? ''));
      if (space === undefined) this.#continued = escape === '\\' || operator?.length === 2 || operator === '|';
    }
  }

  #take(groups: Readonly<Record<string, string | undefined>>, commandNext: boolean): void {
    const { word = '', operator, quote, strip } = groups;
    const delimiter = groups['single'] ?? groups['double'] ?? groups['bare'];
    if (quote !== undefined) this.#quote = quote;
    else if (delimiter !== undefined) this.#heredocs.push({ delimiter, strip: strip === '-' });
    else if (operator === '(') this.#parentheses += 1;
    // The `)` of a pattern in `case` closes nothing.
    else if (operator === ')') this.#parentheses = Math.max(0, this.#parentheses - 1);
    else if (commandNext && OPENERS.has(word)) this.#compounds += 1;
    else if (commandNext && CLOSERS.has(word)) this.#compounds = Math.max(0, this.#compounds - 1);
  }

  #endOfQuote(line: string, from: number): number {
    for (let at = from; at < line.length; at += 1) {
      if (line[at] === '\\' && this.#quote === '"') at += 1;
      else if (line[at] === this.#quote) {
        this.#quote = undefined;
        return at + 1;
      }
    }
    return line.length;
  }
}
