import { childOf, type Syntax, type SyntaxTree } from './syntax.js';
import { innerScript, wordOf } from './words.js';
import { SHELLS, scriptArgument } from './wrappers.js';

export interface VariableFacts {
  readonly free: readonly string[];
  /** Read with a default before being set. */
  readonly defaulted: readonly string[];
  readonly assigned: readonly string[];
  /** Those of them that something else than an assignment of its own in the script sets. */
  readonly otherwise: readonly string[];
}

/** Set by the shell, the login or the system rather than by a procedure. */
const WELL_KNOWN = new Set(
  `HOME PATH PWD OLDPWD USER LOGNAME SHELL HOSTNAME HOSTTYPE MACHTYPE OSTYPE TERM LANG LANGUAGE TZ TMPDIR TMP TEMP EDITOR VISUAL PAGER
  DISPLAY WAYLAND_DISPLAY COLUMNS LINES MAIL IFS PS1 PS2 PS3 PS4 RANDOM SRANDOM SECONDS EPOCHSECONDS EPOCHREALTIME LINENO SHLVL UID EUID
  PPID GROUPS DIRSTACK FUNCNAME PIPESTATUS REPLY OPTARG OPTIND OPTERR COPROC MAPFILE SUDO_USER SUDO_UID SUDO_GID SSH_AUTH_SOCK
  SSH_CONNECTION SSH_CLIENT SSH_TTY OPSROOM_RUN_ID OPSROOM_STEP_ID OPSROOM_IDEMPOTENCY_KEY`.split(/\s+/),
);
const WELL_KNOWN_FAMILY = /^(?:BASH|LC_|XDG_|\d)/;
const NAME = /^[A-Za-z_]\w*$/;

/** Built-ins whose plain arguments name the variables they set, with the options that take a value. */
const ASSIGNING: Readonly<Record<string, { readonly valued: string; readonly skip: number }>> = {
  getopts: { valued: '', skip: 1 },
  mapfile: { valued: 'dnOsuCc', skip: 0 },
  read: { valued: 'dinNptu', skip: 0 },
  readarray: { valued: 'dnOsuCc', skip: 0 },
};

/**
 * Which variables a script reads before it sets them, and which it leaves behind. Functions are read where they are first
 * called, because that is when their bodies run; those never called, at the end. What subshells and parts of pipelines set
 * is lost with them.
 */
export function variablesOf(
  root: Syntax,
  script: string,
  parse: (script: string) => SyntaxTree | undefined,
): VariableFacts {
  const reader = new VariableReader(script, parse, new Set(), new Map());
  reader.visit(root);
  reader.finish();
  const assigned = [...reader.known].filter(([, set]) => set).map(([name]) => name);
  const otherwise = assigned.filter((name) => reader.otherwise.has(name));
  return { free: [...reader.free], defaulted: [...reader.defaulted], assigned, otherwise };
}

/** Walks in the order of execution and keeps what is known so far. One object, because every rule reads and writes it. */
class VariableReader {
  private readonly functions = new Map<string, Syntax>();
  private readonly called = new Set<string>();
  private locals: Map<string, boolean | undefined> | undefined;

  constructor(
    private readonly script: string,
    private readonly parse: (script: string) => SyntaxTree | undefined,
    readonly free: Set<string>,
    /** Names known by now: true when set, false when unset or only known in a scope that is gone. */
    public known: Map<string, boolean>,
    private readonly depth = 0,
    readonly otherwise = new Set<string>(),
    readonly defaulted = new Set<string>(),
  ) {}

  visit(node: Syntax): void {
    switch (node.type) {
      case 'variable_assignment':
        return this.assignment(node);
      case 'simple_expansion':
      case 'expansion':
        return this.expansion(node);
      case 'subscript':
        return this.subscript(node);
      case 'subshell':
      case 'command_substitution':
      case 'process_substitution':
        return this.scoped(() => this.children(node));
      case 'pipeline':
        for (const part of node.children) this.scoped(() => this.visit(part));
        return;
      case 'for_statement':
        return this.loop(node);
      case 'function_definition':
        return this.definition(node);
      case 'declaration_command':
        return this.declaration(node);
      case 'unset_command':
        for (const name of this.names(node)) this.known.set(name, false);
        return;
      case 'command':
        return this.command(node);
      case 'arithmetic_expansion':
        return this.arithmetic(node);
      case 'c_style_for_statement':
        return this.countingLoop(node);
      case 'test_command':
        return node.children[0]?.type === '((' ? this.arithmetic(node) : this.children(node);
      default:
        return this.children(node);
    }
  }

  /** Functions that nothing here calls: later scripts of the shell may, so what they set counts, and what they read is needed. */
  finish(): void {
    for (const [name, body] of this.functions) if (!this.called.has(name)) this.call(name, body);
  }

  private children(node: Syntax): void {
    for (const [index, child] of node.children.entries()) {
      if (node.children[index + 1]?.type === '&') this.scoped(() => this.visit(child));
      else if (child.children.length > 0) this.visit(child);
    }
  }

  private text(node: Syntax): string {
    return this.script.slice(node.start, node.end);
  }

  private use(name: string): void {
    if (this.isUnset(name)) this.free.add(name);
  }

  private isUnset(name: string): boolean {
    return NAME.test(name) && !this.known.has(name) && !WELL_KNOWN.has(name) && !WELL_KNOWN_FAMILY.test(name);
  }

  private assign(name: string): void {
    this.otherwise.add(name);
    this.set(name);
  }

  private set(name: string): void {
    if (NAME.test(name)) this.known.set(name, true);
  }

  private scoped(work: () => void): void {
    const before = this.known;
    this.known = new Map(before);
    work();
    this.known = before;
  }

  private assignment(node: Syntax): void {
    const [target, operator, ...value] = node.children;
    for (const part of value) this.visit(part);
    if (target === undefined) return;
    const name = target.type === 'subscript' ? childOf(target, 'variable_name') : target;
    if (target.type === 'subscript') for (const child of target.children) if (child !== name) this.visit(child);
    if (name === undefined) return;
    if (operator?.type === '+=' && target.type !== 'subscript') this.use(this.text(name));
    // In a script within the script an assignment does not stand by itself.
    if (target.type === 'subscript' || this.depth > 0) this.assign(this.text(name));
    else this.set(this.text(name));
  }

  /** `${X:-d}` and `${X+d}` do without X; `${X:=d}` sets it; `${!X}` reads it; `${!X*}` only lists names. */
  private expansion(node: Syntax): void {
    const name = childOf(node, 'variable_name') ?? childOf(node, 'subscript');
    const operators = node.children
      .filter((child) => child !== name && child.children.length === 0)
      .map((child) => child.type);
    for (const child of node.children) if (child !== name) this.visit(child);
    if (name === undefined) return;
    const listed = operators.includes('!') && (operators.includes('*') || operators.includes('@'));
    const spared = listed || operators.some((operator) => /^:?[-+=]$/.test(operator));
    if (name.type === 'subscript') return spared ? undefined : this.subscript(name);
    if (operators.some((operator) => /^:?=$/.test(operator))) this.assign(this.text(name));
    else if (!spared) this.use(this.text(name));
    else if (!listed && this.isUnset(this.text(name))) this.defaulted.add(this.text(name));
  }

  private subscript(node: Syntax): void {
    for (const child of node.children) {
      if (child.type === 'variable_name') this.use(this.text(child));
      else this.visit(child);
    }
  }

  private loop(node: Syntax): void {
    const name = childOf(node, 'variable_name');
    for (const child of node.children) if (child.type !== 'do_group') this.visit(child);
    if (name) this.assign(this.text(name));
    for (const child of node.children) if (child.type === 'do_group') this.visit(child);
  }

  private countingLoop(node: Syntax): void {
    const body = childOf(node, 'do_group') ?? childOf(node, 'compound_statement');
    const end = body?.start ?? node.end;
    this.arithmeticText(
      this.script
        .slice(node.start, end)
        .replace(/^\s*for\b/, '')
        .replace(/\bdo\s*$/, ''),
    );
    if (body) this.visit(body);
  }

  private definition(node: Syntax): void {
    const [name] = node.children.filter((child) => child.type === 'word');
    const body = node.children.at(-1);
    if (name && body) this.functions.set(this.text(name), body);
  }

  private call(name: string, body: Syntax): void {
    this.called.add(name);
    const outer = this.locals;
    this.locals = new Map();
    this.visit(body);
    for (const [local, before] of this.locals) {
      if (before === undefined) this.known.delete(local);
      else this.known.set(local, before);
    }
    this.locals = outer;
  }

  private declaration(node: Syntax): void {
    const keyword = this.text(node.children[0] ?? node);
    const isLocal =
      keyword === 'local' || ((keyword === 'declare' || keyword === 'typeset') && !/\s-\w*g/.test(this.text(node)));
    for (const child of node.children) {
      const name = child.type === 'variable_assignment' ? childOf(child, 'variable_name') : child;
      if (name?.type !== 'variable_name') {
        this.visit(child);
        continue;
      }
      if (isLocal) this.remember(this.text(name));
      if (child.type === 'variable_assignment') this.assignment(child);
      else if (keyword === 'export' || keyword === 'readonly') this.use(this.text(name));
      this.set(this.text(name));
    }
  }

  private remember(name: string): void {
    if (this.locals && !this.locals.has(name)) this.locals.set(name, this.known.get(name));
  }

  private command(node: Syntax): void {
    const name = childOf(node, 'command_name');
    const prefix = node.children.filter((child) => child.type === 'variable_assignment');
    const rest = node.children.filter((child) => child.type !== 'variable_assignment');
    // `A=1 cmd "$A"`: the shell expands the words before it hands A to the command.
    for (const child of rest) if (child.children.length > 0) this.visit(child);
    if (name === undefined) return prefix.forEach((child) => this.assignment(child));
    this.scoped(() => prefix.forEach((child) => this.assignment(child)));
    const words = rest
      .filter((child) => child !== name && !child.type.endsWith('redirect'))
      .map((child) => wordOf(child, this.script));
    this.builtin(
      this.text(name),
      words.map((word) => word.text),
    );
    const script = scriptArgument(
      this.text(name),
      words.map((word) => word.text),
    );
    const inner = script === undefined ? undefined : words[script];
    if (inner) this.inner(innerScript(inner), SHELLS.includes(this.text(name)), prefix);
  }

  private builtin(program: string, args: readonly string[]): void {
    const body = this.functions.get(program);
    if (body && !this.called.has(program)) this.call(program, body);
    if (program === 'let') for (const text of args) this.arithmeticText(text);
    if (program === 'printf' && args[0] === '-v' && args[1] !== undefined) this.assign(args[1]);
    const rule = Object.hasOwn(ASSIGNING, program) ? ASSIGNING[program] : undefined;
    if (rule) for (const name of plainArguments(args, rule.valued).slice(rule.skip)) this.assign(name);
    if (program === 'read' && args.includes('-a')) this.assign(args[args.indexOf('-a') + 1] ?? '');
  }

  /** `bash -c '…'` sees what is exported here and leaves nothing behind; `eval` does both. */
  private inner(script: string, own: boolean, prefix: readonly Syntax[]): void {
    const tree = this.depth < 3 ? this.parse(script) : undefined;
    if (tree === undefined) return;
    const known = own ? new Map(this.known) : this.known;
    for (const child of prefix) known.set(this.text(childOf(child, 'variable_name') ?? child), true);
    const reader = new VariableReader(
      script,
      this.parse,
      this.free,
      known,
      this.depth + 1,
      this.otherwise,
      this.defaulted,
    );
    reader.visit(tree.root);
    reader.finish();
  }

  private names(node: Syntax): readonly string[] {
    return node.children.filter((child) => child.type === 'variable_name').map((child) => this.text(child));
  }

  /** In arithmetic a bare word is a variable; the grammar does not always say so. */
  private arithmetic(node: Syntax): void {
    this.children(node);
    this.arithmeticText(this.text(node).replace(/^\$?(?:\(\(|\[)|(?:\)\)|\])$/g, ''));
  }

  private arithmeticText(text: string): void {
    const bare = text.replace(/\$\{[^}]*\}|\$\w+|\$\([^)]*\)|`[^`]*`|"[^"]*"|'[^']*'|\b\d\w*/g, (part) =>
      ' '.repeat(part.length),
    );
    for (const match of bare.matchAll(/([A-Za-z_]\w*)(\s*(?:=(?!=)|(?:[-+*/%&|^]|<<|>>)=))?/g)) {
      const [, name = '', operator] = match;
      if (operator?.trim() !== '=') this.use(name);
      if (operator !== undefined || /^\s*(?:\+\+|--)/.test(bare.slice(match.index + name.length))) this.assign(name);
    }
  }
}

function plainArguments(args: readonly string[], valued: string): readonly string[] {
  const plain: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (!word.startsWith('-')) plain.push(word);
    else if (word.length > 1 && valued.includes(word.at(-1) ?? ' ')) index += 1;
  }
  return plain;
}
