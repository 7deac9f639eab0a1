import type { InputRequiredResult } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import type { Answered } from '#ir/calls.js';
import { type Answer, readQuestion } from '#ir/question.js';
import { Interview } from './interview.js';

const asks = (message: string) => ({
  message,
  requestedSchema: { type: 'object', properties: { x: { type: 'string' } } },
});

function kept(message: string, answer: Answer): Answered {
  const read = readQuestion(asks(message));
  if ('refused' in read) throw new Error(read.refused);
  return { question: read.question, answer };
}

const yes = { action: 'accept', content: { x: '1' } } as const;

test('each answer is given once, to the question it was given to; the first without one is open', () => {
  let opened = 0;
  const interview = new Interview([kept('a', yes)], () => {
    opened += 1;
  });
  expect(interview.reply(asks('a'))).toEqual(yes);
  expect(interview.reply(asks('a'))).toEqual({ action: 'cancel' });
  expect(interview.reply(asks('b'))).toEqual({ action: 'cancel' });
  expect(interview.open?.question.message).toBe('a');
  expect(opened).toBe(1);
});

test('a question that holds a secret is known again by what people saw of it', () => {
  const shown = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '***')) as T;
  const interview = new Interview([kept('May I use ***?', yes)], undefined, shown);
  expect(interview.reply(asks('May I use hunter2?'))).toEqual(yes);
  expect(interview.open).toBeUndefined();
});

test('a round is answered as a whole or not at all, and what it goes on from is kept', () => {
  const round = {
    resultType: 'input_required',
    inputRequests: {
      a: { method: 'elicitation/create', params: asks('a') },
      b: { method: 'elicitation/create', params: asks('b') },
    },
    requestState: 's',
  } as unknown as InputRequiredResult;
  const first = new Interview([kept('a', yes)]);
  expect(first.round(round)).toBeUndefined();
  expect(first.open).toMatchObject({ question: { message: 'b' }, resume: { requestState: 's' } });
  const again = [kept('a', yes), { ...kept('b', { action: 'decline' }), resume: first.open?.resume ?? {} }];
  const second = new Interview(again);
  const resumed = second.resume;
  expect(resumed && second.round(resumed)).toEqual({
    inputResponses: { a: yes, b: { action: 'decline' } },
    requestState: 's',
  });
  second.restart();
  expect(second.reply(asks('a'))).toEqual(yes);
});

test('what is no question for a person, and questions without end, are a fault', () => {
  const other = new Interview([]);
  const sampling = {
    inputRequests: { s: { method: 'sampling/createMessage', params: {} } },
  } as unknown as InputRequiredResult;
  expect(other.round(sampling)).toBeUndefined();
  expect(other.fault?.message).toContain('sampling/createMessage');
  const many = new Interview([]);
  for (let n = 0; n < 21; n += 1) many.reply(asks(String(n)));
  expect(many.fault?.message).toContain('more than 20');
});
