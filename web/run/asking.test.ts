import { describe, expect, test } from 'vitest';
import { aboutOf, alsoAsking, askingStep, contextOf, headingOf, standingOf, unitAbove } from './asking.js';
import type { Run, RunStep } from './data.js';

const step = (id: string, status: RunStep['status'], wakeAt: string | null = null) =>
  ({ id, title: `Title of ${id}`, status, wakeAt }) as RunStep;
const run = (steps: RunStep[], at?: string, item?: number): Pick<Run, 'steps' | 'waiting' | 'asks'> => ({
  steps,
  asks: null,
  waiting:
    at === undefined ? null : { code: 'MANUAL', what: '', mend: '', step: at, ...(item === undefined ? {} : { item }) },
});
const LATER = '2026-11-23T12:00:00.000Z';

test('the step that the run is parked for is asked about, else the first that waits for no clock', () => {
  const steps = [step('settle', 'waiting', LATER), step('done', 'done'), step('a', 'waiting'), step('b', 'waiting')];
  expect(askingStep(run(steps))?.id).toBe('a');
  expect(askingStep(run(steps, 'b'))?.id).toBe('b');
  expect(askingStep(run(steps, 'settle'))?.id).toBe('a');
  expect(askingStep(run(steps.slice(0, 2), 'settle'))).toBeUndefined();
});

test('an item that asks while others run is asked about, and a step of which nobody knows the end is not answered so', () => {
  const steps = [step('each', 'running'), step('cut', 'unknown')];
  const of = (code: string, at: string) => ({ ...run(steps), asks: { code, what: '', mend: '', step: at, item: 1 } });
  expect(askingStep(of('INPUT', 'each'))?.id).toBe('each');
  expect(askingStep(of('UNKNOWN', 'each'))).toBeUndefined();
  // Answered: the room has not been asked since.
  const asks = { ...of('INPUT', 'each').asks, item: -1 };
  expect(askingStep({ ...run(steps), asks })).toBeUndefined();
});

test('what stands at the top stays there while it asks, whatever the run names meanwhile', () => {
  const steps = [step('a', 'waiting'), step('b', 'waiting')];
  expect(askingStep(run(steps, 'a'), 'b')?.id).toBe('b');
  expect(askingStep(run([step('a', 'waiting'), step('b', 'done')], 'a'), 'b')?.id).toBe('a');
});

describe('beside what stands at the top is told', () => {
  const cut = { ...step('cut', 'unknown'), error: { code: 'ASKED', message: '', mend: '' } };
  const steps = [step('a', 'waiting'), cut, step('b', 'waiting'), step('later', 'waiting', LATER)];
  const also = (at: string | undefined, asking: RunStep | undefined, more: Partial<Run> = {}) =>
    alsoAsking({ status: 'running', rollingBack: false, ...run(steps, at), ...more }, asking).map(({ id }) => id);

  test('each other step that asks, and each of which nobody knows the end', () => {
    expect(also('a', steps[0])).toEqual(['cut', 'b']);
    expect(also('a', steps[2])).toEqual(['a', 'cut']);
  });

  test('but not what the run says itself, nor what is asked no more', () => {
    expect(also('cut', steps[0])).toEqual(['b']);
    expect(also('a', steps[0], { rollingBack: true })).toEqual(['b']);
    expect(also(undefined, undefined, { status: 'failed' })).toEqual([]);
  });
});

describe('beside a step its question stands', () => {
  const look = step('look', 'waiting');
  const parked = run([look, step('other', 'waiting')], 'look', 1);
  const items = { page: [0, 1].map((item) => ({ item, status: 'waiting', wakeAt: null })), next: null };
  const whole = { attempts: [], question: null, written: {}, items } as unknown as Parameters<typeof unitAbove>[2];
  const single = { ...whole, items: null } as typeof whole;

  test('not again where it stands at the top of the page, but that of another item does', () => {
    expect(unitAbove(parked, look, whole)).toBe('look#1');
    expect(unitAbove(run([look]), look, single)).toBe('look');
  });

  test('where it cannot stand at the top, as the step could not be read', () => {
    expect(unitAbove(parked, look, undefined)).toBeUndefined();
  });
});

test('the heading says whether it asks or is to be done, of which item, and what a rollback takes back', () => {
  const steps = [step('make', 'done')];
  const of = (id: string, unit: string, asks: boolean) => headingOf(steps, step(id, 'waiting'), { unit, asks });
  expect(of('sure', 'sure', true)).toBe('May this be done?');
  expect(of('look', 'look', false)).toBe('A person does this: Title of look');
  expect(of('look', 'look#2', false)).toBe('A person does this: Title of look (look#2)');
  expect(of('make/sure', 'make/sure', true)).toBe('Rollback of “Title of make”: may this be done?');
  expect(headingOf(steps, { id: 'a', title: '\u202Eno' }, { unit: 'a', asks: false })).toContain('‹U+202E›no');
  expect(of('gone/by-hand', 'gone/by-hand', false)).toBe(
    'Rollback of “gone”: a person does this: Title of gone/by-hand',
  );
});

const ASKS = 'Step make/sure asks whether unmake may be done.';
const WHY = 'Before it, make/look failed. The run failed: no space left. It takes back: make.';
const TOLD = 'It deletes orders. Say yes only if it is meant:\n\n    rm -f made';

test('why it asks is what the room says between its question and the instructions', () => {
  expect(contextOf(`${ASKS} ${WHY}\n${TOLD}`, `${TOLD}\n`)).toBe(WHY);
  expect(contextOf(`${ASKS} ${WHY}`, undefined)).toBe(WHY);
  expect(contextOf(`Step by-hand (Put it back. Or not.) is done by a person. ${WHY}`, 'Put it back.')).toBe(WHY);
  expect(
    contextOf(`${ASKS} ${WHY}\n${'long '.repeat(200)} … (all of it: \`opsroom show RUN\`)`, 'long '.repeat(300)),
  ).toBe(WHY);
});

test('there is no reason to show where the room gives none, or asks in words of its own', () => {
  expect(contextOf(`${ASKS}\n${TOLD}`, TOLD)).toBeUndefined();
  expect(contextOf('Step look (Look) is done by a person. Look at the wall.', 'Look at the wall.')).toBeUndefined();
  expect(contextOf('Step talk asks: Which colour?', undefined)).toBeUndefined();
  expect(contextOf('', undefined)).toBeUndefined();
});

test('what a yes decides about is named, of many the first', () => {
  expect(aboutOf([])).toBe('');
  expect(aboutOf(['Delete it'])).toBe('It is about: Delete it. ');
  expect(aboutOf(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('It is about: a, b, c, d, e and 2 more. ');
});

const NOTHING = { waiting: null, asks: null, rollingBack: false, error: null };

test('a run that goes on beside a step that asks says so, as lists and the board do', () => {
  const of = (steps: RunStep[], more: Partial<Run> = {}) =>
    standingOf({ status: 'running', word: null, ...NOTHING, steps, ...more }).word;
  expect(of([step('look', 'waiting'), step('copy', 'running')])).toBe('running, asks a person');
  expect(of([step('settle', 'waiting', LATER)])).toBe('running');
  const asks = { code: 'UNKNOWN', what: '', mend: '', step: 'cut', item: -1 };
  expect(of([step('cut', 'unknown'), step('copy', 'running')], { asks })).toBe('running, asks a person');
  expect(of([], { rollingBack: true })).toBe('rolling back');
  expect(of([step('a/ask', 'waiting')], { rollingBack: true })).toBe('rolling back, asks a person');
  const error = { code: 'ROLLBACK_INCOMPLETE', message: '', mend: '' };
  expect(of([], { status: 'failed', error })).toBe('failed, not all undone');
});
