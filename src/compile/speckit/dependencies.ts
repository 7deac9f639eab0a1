import { type IdList, idListsIn, type KnownIds, readIdList } from './id-lists.js';

/** What a text says about a task: which tasks come before it, which wait for it, and which it names that nobody has. */
export interface Declared {
  readonly after: readonly number[];
  readonly before: readonly number[];
  readonly unknown: readonly string[];
}

const AFTER_WORDS =
  'depend(?:s|ing|ent|ency|encies)?(?: on| upon)?|deps?\\.?|block(?:ed|s)? (?:by|on)|require[sd]?|needs?|after|following|follows|waits? (?:for|on)|pre-?req(?:uisite)?s?|predecessors?|builds? on|' +
  'depende[nm]? d[eoa]s?|dependências?|dependencias?|bloqueado por|requer|requiere|después de|tras|depois d[eao]|após|dépend(?:ance)?s?(?: de)?|après|bloqué par|requiert|' +
  'abhängig(?:keit(?:en)?)?(?: von)?|hängt ab von|nach|benötigt|voraussetzung(?:en)?|zależy od|po|зависит от|зависимости|после|' +
  '依存(?:タスク|先|関係)?|前提(?:タスク)?|先行(?:タスク)?|依赖(?:任务|于|项)?|依賴(?:任務|於)?|前置(?:任务|任務|条件)?|의존(?:성)?|선행(?: ?작업)?';
const BEFORE_WORDS =
  '(?:un)?blocks|unlocks|blocking for|bloqueia|bloquea|desbloqueia|desbloquea|bloque|débloque|blockiert|阻塞|阻擋|ブロック|차단';
const GLUE =
  '(?:[\\s:：*_`（(→]|completion of|completed|complete|successful|both|all of|tarea|tarefa|tasks?(?![\\p{L}]|[-_]\\d)){0,10}';
const PHRASE = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(?<after>${AFTER_WORDS})|(?<before>${BEFORE_WORDS}))(?![a-zà-ÿ])${GLUE}`,
  'giu',
);
/** In Japanese, Chinese, Korean and German the ids stand first. */
const AFTER_LIST =
  /^[\s*_`)）\]]{0,4}(?:に依存|の?完了後|が?完了(?:後|したら)|の後|以降に|之后|之後|以后|完成后|完成後|에 ?의존|완료 ?후|이후|tamamlandıktan|ab(?:hängig)?(?= )|erledigt sein)/u;
const DENIED =
  /(?:\bno|\bnot|n['’]t|\bwithout|\bnone|\bnever|kein\w{0,2}|sin|sem|sans|不|无|無|なし|ない)[\s*_-]{0,3}$/iu;
const NEEDED = 20_000;

/** Dependencies that the words of one task declare. Takes time in proportion to the text. */
export function declaredIn(text: string, known: KnownIds): Declared {
  const after: number[] = [];
  const before: number[] = [];
  const unknown: string[] = [];
  const bounded = text.slice(0, NEEDED);
  for (const match of bounded.matchAll(PHRASE)) {
    if (DENIED.test(bounded.slice(Math.max(0, match.index - 12), match.index))) continue;
    const list = readIdList(bounded, match.index + match[0].length, known);
    if (list === undefined) continue;
    (match.groups?.['before'] === undefined ? after : before).push(...list.tasks);
    unknown.push(...list.unknown);
  }
  for (const list of idListsIn(bounded, known))
    if (AFTER_LIST.test(bounded.slice(list.end, list.end + 24))) after.push(...list.tasks);
  return { after: unique(after), before: unique(before), unknown: unique(unknown) };
}

/** `before` must be done before `after`. */
export interface Edge {
  readonly before: number;
  readonly after: number;
}

const ARROW = /\s{0,3}(?:→|⟶|➜|➔|⇒|[-─—=]{1,4}[>►▶])\s{0,3}/u;
const BEFORE_ALL =
  /(?<![\p{L}])(?:(?:must |should )?(?:be )?(?:complete[sd]?|finish|done|go|come) before|before|blocks?|(?:is|are) (?:a |the )?pre-?requisites? (?:for|of|to)|unblocks|unlocks|precedes?|antes d[eao]s?|bloqueia|bloquea|avant|vor)(?![\p{L}])/iu;
const AFTER_ALL =
  /(?<![\p{L}])(?:depends? (?:on|upon)|requires?|needs?|after|blocked by|waits? for|depende d[eao]s?|dépend de|hängt ab von|setzt voraus|依赖于?|依賴於?|前置)(?![\p{L}])/iu;
const MOST_EDGES = 20_000;

/**
 * The order that a line of a section on dependencies states between tasks that it names: "T016 blocks T024",
 * "Tests (T004-T007) before implementation (T008-T014)", "T001 + T002 → T003, T004".
 */
export function edgesIn(line: string, known: KnownIds): Edge[] {
  const text = line.slice(0, NEEDED).replaceAll(/^[-*+>\s]{1,8}|(?<=\s)#\s.*$/g, '');
  if (/^[*_\s]{0,4}(?:critical path|chemin critique|关键路径|クリティカルパス)/iu.test(text)) return [];
  const edges = text
    .split(/(?<=[\p{L})\]\d])(?:[.;](?:\s|$)|[。；])/u)
    .flatMap((sentence) => sentenceEdges(sentence, known));
  return edges.slice(0, MOST_EDGES);
}

function sentenceEdges(sentence: string, known: KnownIds): Edge[] {
  const chain = sentence.split(ARROW);
  if (chain.length > 1) return chainEdges(chain, known);
  for (const [words, reversed] of [
    [BEFORE_ALL, false],
    [AFTER_ALL, true],
  ] as const) {
    const found = words.exec(sentence);
    if (found === null || DENIED.test(sentence.slice(Math.max(0, found.index - 12), found.index))) continue;
    const left = subjectsIn(sentence.slice(0, found.index), known);
    const right = tasksIn(sentence.slice(found.index + found[0].length), known);
    if (left.length > 0 && right.length > 0) return reversed ? product(right, left) : product(left, right);
  }
  return [];
}

const LABEL = /^\s{0,4}(?:\*\*|__)?[^*_:：]{1,120}(?:\*\*|__)\s{0,2}[:：]/u;

/** Of "**US1 (T008, T010)**: T008 blocks …" it is T008: the label only says what is talked about. */
function subjectsIn(text: string, known: KnownIds): number[] {
  const own = tasksIn(text.replace(LABEL, ''), known);
  return own.length > 0 ? own : tasksIn(text, known);
}

/** Only where each part is ids and nothing but notes in brackets: arrows are drawn between phases and screens as well. */
function chainEdges(chain: readonly string[], known: KnownIds): Edge[] {
  const parts = chain.map((part) => onlyIds(part, known));
  return parts.slice(1).flatMap((after, index) => {
    const before = parts[index];
    return before === undefined || after === undefined ? [] : product(before.tasks, after.tasks);
  });
}

function onlyIds(part: string, known: KnownIds): IdList | undefined {
  const list = readIdList(part, 0, known);
  if (list === undefined || list.unknown.length > 0) return undefined;
  const rest = part.slice(list.end).replace(/^[\s*_`)\]）]{0,6}(?:[（(][^()（）]{0,160}[）)])?/u, '');
  return /[\p{L}\p{N}]/u.test(rest) ? undefined : list;
}

function tasksIn(text: string, known: KnownIds): number[] {
  return unique(idListsIn(text, known).flatMap(({ tasks }) => tasks));
}

/** Each of some before each of others. */
export function product(before: readonly number[], after: readonly number[]): Edge[] {
  return before
    .slice(0, 200)
    .flatMap((first) => after.slice(0, 200).map((second) => ({ before: first, after: second })))
    .filter((edge) => edge.before !== edge.after);
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
