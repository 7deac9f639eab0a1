import type { paths } from '../api/schema.js';
import type { Draft } from './draft.js';

export type Drafted = paths['/v1/plans/draft']['post']['responses'][200]['content']['application/json'];

/** A plan that was drafted for a goal, as the page takes it; undefined: none came of it. */
export function draftedFor({ text, why, model, questions, steps, inputs, policy }: Drafted): Draft | undefined {
  if (text === null) return undefined;
  const told = [why ?? `Drafted by ${model}.`, ...questions.map((question) => `? ${question}`)];
  // What has to be answered stands above the plan, where its reader looks first.
  const head = told.map((line) => `# ${line.replaceAll(/\s+/g, ' ')}\n`).join('');
  const origins = steps.map(({ id, from, because }) => ({
    step: id,
    words: `${because === '' ? 'chosen' : because}, by ${from === 'model' ? 'the model' : 'rule'}`,
  }));
  // What is asked of an input stands at its field, the rest above the form.
  const general = questions.filter((question) => inputs.every((input) => input.question !== question));
  const said = policyText(policy);
  const more = said === undefined ? {} : { policy: said };
  return { text: `${head}${text}`, file: 'draft.yaml', origins, values: inputs, questions: general, ...more };
}

const SAID = { deny: 'Policy lets nobody run it so', needs_approval: 'Before it runs' } as const;

function policyText(policy: Drafted['policy']): string | undefined {
  if (policy === null || policy.effect === 'allow') return undefined;
  return [SAID[policy.effect], ...(policy.reason === null ? [] : [policy.reason])].join(': ');
}

/** Why no plan came of a goal, and what would have to be said. */
export function unanswered({ text, why, problem, questions }: Drafted): string[] {
  return text === null ? [why ?? '', problem ?? '', ...questions].filter((line) => line !== '') : [];
}
