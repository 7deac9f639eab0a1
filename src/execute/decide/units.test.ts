import { expect, test } from 'vitest';
import { personParked, type Unit } from './units.js';

const manual = (instructions: string) =>
  ({
    key: 'sure',
    phase: 'waiting',
    step: { id: 'sure', title: 'Sure?', kind: 'manual', args: { instructions }, guards: ['drop'] },
  }) as unknown as Unit;

test('a question told outside its step shows no expressions, whose values stand in the step itself', () => {
  const { what } = personParked(manual('Drop {{ inputs.tenant }} on {{ inputs.host || "db" }}. Braces: {{{{x}}.'));
  expect(what).toContain('Drop … on ….');
  expect(what).toContain('{{{{x');
  expect(what).not.toContain('inputs');
});
