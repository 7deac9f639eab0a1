/** The tabs of the step inspector. */
export const TABS = ['overview', 'attempts', 'logs', 'verdicts', 'artefacts', 'source'] as const;
export type Tab = (typeof TABS)[number];

/** What the address of a run's page holds beside the run. */
export interface Address {
  readonly step: string | undefined;
  /** Of a forEach; -1: the step as a whole. */
  readonly item: number;
  /** Undefined: what fits the step's state best. */
  readonly tab: Tab | undefined;
  /** Of the log; undefined: the last. */
  readonly attempt: number | undefined;
  /** A line of the log. */
  readonly line: number | undefined;
  /** What the reader chose; undefined: folded where that helps. Never changed but by the reader. */
  readonly fold: boolean | undefined;
}

type Search = Readonly<Record<string, string | undefined>>;

/** Reads what anybody may have typed; what makes no sense is left out. */
export function readAddress(search: Search): Address {
  const { step, item, tab, attempt, line, fold } = search;
  return {
    step: step === undefined || step === '' || step.length > 201 ? undefined : step,
    item: whole(item) ?? -1,
    tab: TABS.find((known) => known === tab),
    attempt: whole(attempt),
    line: whole(line),
    fold: fold === 'on' ? true : fold === 'off' ? false : undefined,
  };
}

/** The address as the members of a query; what is as it would be anyway does not stand in it. */
export function writeAddress({ step, item, tab, attempt, line, fold }: Address): Record<string, string | undefined> {
  const whenStep = (value: string | undefined) => (step === undefined ? undefined : value);
  return {
    step,
    item: whenStep(item < 0 ? undefined : String(item)),
    tab: whenStep(tab),
    attempt: whenStep(attempt === undefined ? undefined : String(attempt)),
    line: whenStep(line === undefined ? undefined : String(line)),
    fold: fold === undefined ? undefined : fold ? 'on' : 'off',
  };
}

/** Another step is shown from its beginning: nothing of the last one's item, attempt or line belongs to it. */
export function selectStep(address: Address, step: string | undefined): Address {
  return { ...address, step, item: -1, attempt: undefined, line: undefined };
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
