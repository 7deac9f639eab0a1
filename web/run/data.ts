import { queryOptions } from '@tanstack/react-query';
import type { Plan } from '#ir/plan.js';
import { api, read } from '../api/client.js';
import type { paths } from '../api/schema.js';

type Answer<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer T } } } };
}
  ? T
  : never;

export type Run = Answer<'/v1/runs/{run}'>;
export type RunStep = Run['steps'][number];
export type StepDetail = Answer<'/v1/runs/{run}/steps/{step}'>;
export type Attempt = StepDetail['attempts'][number];
export type Verdict = Attempt['verdicts'][number];
export type Estimate = Answer<'/v1/runs/{run}/estimate'>;
export type LogPage = Answer<'/v1/runs/{run}/logs/lines'>;
export type LogLine = LogPage['lines'][number];

/** One run, its steps and what can be done with it. */
export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ['runs', run, 'view'],
    queryFn: () => read(api.GET('/v1/runs/{run}', { params: { path: { run } } })),
  });

const MOST_RECORDS = 500;

/** The chain of proofs of a run as far as the strip below it shows it. */
export const chainQuery = (run: string) =>
  queryOptions({
    queryKey: ['runs', run, 'chain strip'],
    queryFn: () => read(api.GET('/v1/runs/{run}/chain', { params: { path: { run }, query: { limit: MOST_RECORDS } } })),
  });

/** The plan of a run never changes. The plans of the API are those of `ir/plan`: its document says so less exactly. */
export const planQuery = (run: string) =>
  queryOptions({
    queryKey: ['runs', run, 'plan'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const answer = await read(api.GET('/v1/runs/{run}/plan', { params: { path: { run } } }));
      return { ...answer, plan: answer.plan as Plan };
    },
  });

/** What a page of one step shows; `item` of a forEach, -1 for the step as a whole. */
export const stepQuery = (run: string, step: string, item: number) =>
  queryOptions({
    queryKey: ['runs', run, 'step', step, item],
    queryFn: () =>
      read(
        api.GET('/v1/runs/{run}/steps/{step}', {
          params: { path: { run, step }, query: item < 0 ? {} : { item } },
        }),
      ),
  });

/** Items of a forEach from one on. */
export const itemsQuery = (run: string, step: string, page: { from: number; bad: boolean }) =>
  queryOptions({
    queryKey: ['runs', run, 'step', step, 'items', page],
    queryFn: async () => {
      const query = { itemsFrom: page.from, itemsBad: page.bad };
      const answer = await read(api.GET('/v1/runs/{run}/steps/{step}', { params: { path: { run, step }, query } }));
      return answer.items;
    },
  });

/** How long the run still takes. */
export const estimateQuery = (run: string) =>
  queryOptions({
    queryKey: ['runs', run, 'estimate'],
    queryFn: () => read(api.GET('/v1/runs/{run}/estimate', { params: { path: { run } } })),
  });
