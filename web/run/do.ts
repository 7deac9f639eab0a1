import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { JsonObject } from '#ir/json.js';
import type { Answer, QuestionOfStep } from '#ir/question.js';
import { api, read } from '../api/client.js';

/** Tells a run something; what the page shows of it is read anew. */
export function useTell(run: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, reason }: { kind: 'pause' | 'resume' | 'cancel' | 'rollback'; reason: string }) =>
      read(api.POST(`/v1/runs/{run}/${kind}`, { params: { path: { run } }, body: { reason } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['runs', run] }),
  });
}

/** A person's word on a step. */
export type Word =
  | { readonly kind: 'confirm'; readonly step: string; readonly reason: string }
  | {
      readonly kind: 'resolve';
      readonly step: string;
      readonly reason: string;
      readonly as: 'done' | 'failed' | 'skip' | 'retry';
    };

/** A person's answer to what the tool of a step asks. */
export function useAnswer(run: string, { step, digest }: Pick<QuestionOfStep, 'step' | 'digest'>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (answer: Answer) =>
      read(
        api.POST('/v1/runs/{run}/answer', { params: { path: { run } }, body: { step, question: digest, ...answer } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['runs', run] }),
  });
}

export function useWord(run: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (word: Word) => {
      const { step, reason } = word;
      const params = { path: { run } };
      return word.kind === 'confirm'
        ? read(api.POST('/v1/runs/{run}/confirm', { params, body: { step, reason } }))
        : read(api.POST('/v1/runs/{run}/resolve', { params, body: { step, reason, as: word.as } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['runs', run] }),
  });
}

/** What a run is started again with. */
export interface Again {
  readonly from?: string;
  readonly inputs?: JsonObject;
  readonly fresh?: boolean;
}

/** Starts a run again; resolves with the new run's id. */
export function useAgain(run: string) {
  return useMutation({
    mutationFn: (again: Again) => read(api.POST('/v1/runs/{run}/rerun', { params: { path: { run } }, body: again })),
  });
}
