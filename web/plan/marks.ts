/** What became of a block of a runbook, as its lines show it. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  /** `run`, `verify`, `left out`, `question` … */
  readonly word: string;
  readonly why: string;
  /** The step that it became or belongs to. */
  readonly step?: string;
}

interface Lines {
  readonly from: number;
  readonly to: number;
}

/** The explanation of a runbook, as the API gives it. */
export interface Explained {
  readonly steps: readonly {
    id: string;
    file?: string;
    label: string;
    lines: Lines;
    why: string;
    ask: string | null;
    weak: boolean;
  }[];
  readonly leftOut: readonly { file?: string; lines: Lines; why: string; rule: string; firstLine: string }[];
  readonly questions: readonly { lines: Lines; text: string }[];
}

const WORDS: Readonly<Record<string, string>> = { leave_out: 'left out', choice: 'choice' };

/** Of an item of a list whose code is a step: nothing of it is left out, so nothing says so. */
export const isLeftOut = ({ rule }: { readonly rule: string }): boolean => rule !== 'item-holds-code';

/** Whether it stands in the text that is shown, not in a document beside it. */
const here = ({ file }: { readonly file?: string }): boolean => file === undefined;

/** The marks beside the source, by their first line. */
export function marksOf({ steps, leftOut, questions }: Explained): Mark[] {
  const marks = [
    ...steps.filter(here).map(({ id, label, lines, why, ask, weak }): Mark => {
      const more = [ask === null ? '' : `a person is asked first: ${ask}`, weak ? 'it states no expectation' : ''];
      return { ...lines, word: WORDS[label] ?? label, why: [why, ...more].filter(Boolean).join('; '), step: id };
    }),
    ...leftOut
      .filter(isLeftOut)
      .filter(here)
      .map(({ lines, why }): Mark => ({ ...lines, word: 'left out', why })),
    ...questions.map(({ lines, text }): Mark => ({ ...lines, word: 'question', why: text })),
  ];
  return marks.toSorted((a, b) => a.from - b.from || a.to - b.to);
}

/** The mark that a line lies in; where several do, the one that began last. */
export function markAt(marks: readonly Mark[], line: number): Mark | undefined {
  return marks.findLast(({ from, to }) => from <= line && line <= to);
}
