import type { paths } from '../api/schema.js';

export type Limits = paths['/v1/limits']['get']['responses'][200]['content']['application/json'];
type Change = NonNullable<paths['/v1/limits']['post']['requestBody']>['content']['application/json'];

/** The limiter of the HTTP tool; those of others are set on the command line. */
const HTTP = 'tool:http';

/** The limits as they are typed. */
export interface LimitForm {
  readonly running: string;
  readonly lanes: Readonly<Record<string, string>>;
  /** Calls a second; empty: no limit. */
  readonly http: string;
  /** US dollars a day; empty: no limit. */
  readonly modelUsd: string;
}

type Known = Pick<Limits, 'runningPerUser' | 'lanes' | 'calls' | 'modelUsd'>;

export function formOf({ runningPerUser, lanes, calls, modelUsd }: Known): LimitForm {
  return {
    running: String(runningPerUser),
    lanes: Object.fromEntries(lanes.map(({ lane, width }) => [lane, String(width)])),
    http: String(calls.find(({ name }) => name === HTTP)?.perSecond ?? ''),
    modelUsd: String(modelUsd.limit ?? ''),
  };
}

/** What was changed, and that alone: what the page does not show stays as it is. Undefined: nothing was. */
export function changeOf(of: Known, form: LimitForm): Change | undefined {
  const before = formOf(of);
  const lanes = Object.entries(form.lanes).filter(([lane, width]) => width !== before.lanes[lane]);
  const change = {
    ...(form.running === before.running ? {} : { runningPerUser: Number(form.running) }),
    ...(lanes.length === 0 ? {} : { lanes: Object.fromEntries(lanes.map(([lane, width]) => [lane, Number(width)])) }),
    ...(form.modelUsd === before.modelUsd
      ? {}
      : { modelUsdPerDay: form.modelUsd === '' ? null : Number(form.modelUsd) }),
    ...(form.http === before.http ? {} : { calls: { [HTTP]: rateOf(of, form.http) } }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
}

/** How many at once was set elsewhere, if it was, and stays. */
function rateOf({ calls }: Known, typed: string): { perSecond: number; burst: number } | null {
  const perSecond = Number(typed);
  if (!(perSecond > 0)) return null;
  const burst = calls.find(({ name }) => name === HTTP)?.burst ?? Math.max(1, Math.round(perSecond));
  return { perSecond, burst };
}
