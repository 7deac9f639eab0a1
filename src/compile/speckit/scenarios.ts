import { headingOf, type Line, readLines } from './lines.js';
import { withoutMarks } from './marks.js';
import { storyOf } from './words.js';

/** What must be true of a story once it is done, as the specification says. */
export interface Scenario {
  /** `US1`; undefined for one that stands under no story. */
  readonly story: string | undefined;
  readonly text: string;
  readonly line: number;
}

export interface Specification {
  readonly title: string | undefined;
  readonly scenarios: readonly Scenario[];
}

const GIVEN =
  /^[*_\s"'「『]{0,4}(?:given|dado|dada|dados|étant donné|soit|gegeben|angenommen|dato|дано|假设|假如|假定|假設|给定|給定|前提|与えられ|주어진|조건)(?![a-zà-ÿ])/iu;
const THEN =
  /(?<![\p{L}])(?:then|então|entonces|alors|dann|allora|тогда)(?![\p{L}])|那么|那麼|则|則|ならば|その結果|그러면|결과|that/iu;
const TEST =
  /^[*_\s]{0,4}(?:independent test|teste independente|prueba independiente|test indépendant|unabhängiger test|独立テスト|独立测试|獨立測試|독립 ?테스트)[*_\s]{0,4}[:：]/iu;
const PRIORITY =
  /\s*[（(](?:priority|prioridade?|priorité|priorität|优先级|優先級|優先度|우선순위)[^()（）]{0,40}[)）]\s*/iu;
const MOST_TEXT = 2000;

/** Reads the acceptance scenarios of a `spec.md` or `prd.md`: list items that begin with "Given", in any of a dozen languages. */
export function readSpecification(text: string): Specification {
  const reader = new SpecificationReader();
  for (const line of readLines(text)) reader.line(line);
  return { title: reader.title, scenarios: reader.scenarios };
}

class SpecificationReader {
  title: string | undefined;
  readonly scenarios: Scenario[] = [];
  #story: string | undefined;
  #level = 0;
  /** The scenario whose words may go on. */
  #open: { story: string | undefined; text: string; line: number; indent: number } | undefined;

  line(line: Line): void {
    const heading = headingOf(line);
    if (heading !== undefined) return this.#heading(heading);
    if (line.kind !== 'text') return;
    const item = /^(?:[-*+]|\d{1,3}[.)])\s{1,4}(?:\[.\]\s{1,4})?/.exec(line.text)?.[0];
    const said = item === undefined ? line.text : line.text.slice(item.length);
    if (GIVEN.test(said)) this.#begin(line, said);
    else if (this.#continues(line, item)) this.#more(said);
    else this.#open = undefined;
  }

  #heading({ level, text }: { level: number; text: string }): void {
    this.#open = undefined;
    if (level === 1) this.title ??= titleIn(text);
    const story = storyOf(text);
    if (story === undefined && level > this.#level) return;
    this.#story = story;
    this.#level = level;
  }

  #begin(line: Line, said: string): void {
    this.#open = { story: this.#story, text: '', line: line.number, indent: line.indent };
    this.scenarios.push({ story: this.#story, text: '', line: line.number });
    this.#more(said);
  }

  /** When and Then on lines of their own, as Gherkin has them. */
  #continues(line: Line, item: string | undefined): boolean {
    if (this.#open === undefined) return false;
    if (TEST.test(line.text)) return false;
    if (item === undefined) return true;
    return line.indent >= this.#open.indent && !/\d/.test(item) && !THEN.test(this.#open.text);
  }

  #more(said: string): void {
    if (this.#open === undefined) return;
    const text = withoutMarks(`${this.#open.text} ${said}`).slice(0, MOST_TEXT);
    this.#open = { ...this.#open, text };
    this.scenarios[this.scenarios.length - 1] = { story: this.#open.story, text, line: this.#open.line };
  }
}

/** "Feature Specification: Shop (Priority: P1)" → "Shop". */
export function titleIn(heading: string): string {
  const plain = withoutMarks(heading).replace(PRIORITY, ' ').trim();
  const named =
    /^(?:implementation |development )?(?:feature specification|specification|spec|tasks?|task list|prd|product requirements(?: document)?|tareas|tarefas|tâches|任务(?:清单|列表)?|任務(?:清單|列表)?|タスク(?:一覧)?|작업(?: 목록)?|especificação|especificación|spécification)[ \t]{0,3}(?:\d{1,4})?[ \t]{0,3}[:：·—–-]{1,2}[ \t]{0,3}(\S.*)$/iu.exec(
      plain,
    )?.[1];
  return named ?? plain;
}
