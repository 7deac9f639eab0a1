import type { Command, Input } from './facts.js';
import { childOf, type Syntax } from './syntax.js';
import { innerScript, wordOf } from './words.js';

/** What a command reads, and the files that it writes. */
type Directed = Pick<Command, 'input' | 'writes' | 'appends'>;

/** What a node reads and writes by the redirections right below it; else as what stands around it. */
export function redirected(node: Syntax, script: string, around: Directed): Directed {
  let { input } = around;
  const writes = [...around.writes];
  const appends = [...around.appends];
  for (const child of node.children.filter((part) => isRedirection(part.type))) {
    input = inputOf(child, script) ?? input;
    for (const redirection of [child, childOf(child, 'file_redirect')]) {
      const target = redirection && outputOf(redirection, script);
      if (target === undefined) continue;
      writes.push(target);
      if (redirection?.children.some(({ type }) => APPENDS.has(type))) appends.push(target);
    }
  }
  return { input, writes, appends };
}

export function isRedirection(type: string): boolean {
  return type === 'file_redirect' || type === 'heredoc_redirect' || type === 'herestring_redirect';
}

function inputOf(redirection: Syntax, script: string): Input | undefined {
  if (redirection.type === 'heredoc_redirect') {
    return { kind: 'text', text: heredocText(redirection, script) };
  }
  if (redirection.type === 'herestring_redirect') {
    const word = redirection.children.at(-1);
    return { kind: 'text', text: word ? innerScript(wordOf(word, script)) : '' };
  }
  if (!redirection.children.some((child) => child.type === '<')) return undefined;
  const file = redirection.children.at(-1);
  return file && wordOf(file, script).text === '/dev/null'
    ? { kind: 'text', text: '' }
    : { kind: 'file', file: file ? wordOf(file, script).text : '' };
}

/** The grammar takes a first line that begins with a backslash (`\i FILE`) for words in front of the body. */
function heredocText({ children }: Syntax, script: string): string {
  const mark = children.find(({ type }) => type === 'heredoc_start');
  const body = children.find(({ type }) => type === 'heredoc_body');
  const end = children.find(({ type }) => type === 'heredoc_end')?.start ?? body?.end;
  if (mark === undefined || end === undefined) return '';
  const taken = children.find(
    ({ type, ...word }) => type === 'word' && script.slice(mark.end, word.end).includes('\n'),
  );
  return script.slice(taken?.start ?? body?.start ?? end, body?.end ?? end);
}

const APPENDS = new Set(['>>', '&>>']);
const WRITES = new Set(['>', '&>', '>|', ...APPENDS]);

function outputOf(redirection: Syntax, script: string): string | undefined {
  if (!redirection.children.some((child) => WRITES.has(child.type))) return undefined;
  const target = redirection.children.at(-1);
  const text = target && wordOf(target, script).text;
  return text === undefined || /^\/dev\/(?:null|stdout|stderr|tty|fd\/\d+)$/.test(text) || WRITES.has(text)
    ? undefined
    : text;
}
