import { expect, test } from 'vitest';
import { changeOf, formOf } from './limit-form.js';

const http = { name: 'tool:http', perSecond: 10, burst: 50, changedBy: 'person:ada', changedAt: '' };
const known = {
  runningPerUser: 4,
  lanes: [
    { lane: 'A', width: 2 },
    { lane: 'B', width: 8 },
  ] as { lane: 'A' | 'B'; width: number }[],
  calls: [http],
  modelUsd: { limit: 20, today: 1.5, unpriced: 0 },
};
const form = formOf(known);

test('only what was changed is sent', () => {
  expect(changeOf(known, form)).toBeUndefined();
  expect(changeOf(known, { ...form, lanes: { ...form.lanes, B: '9' } })).toEqual({ lanes: { B: 9 } });
  expect(changeOf(known, { ...form, running: '5' })).toEqual({ runningPerUser: 5 });
  expect(changeOf(known, { ...form, modelUsd: '50' })).toEqual({ modelUsdPerDay: 50 });
  expect(changeOf(known, { ...form, modelUsd: '' })).toEqual({ modelUsdPerDay: null });
});

test('another rate leaves what may come at once as it was set', () => {
  expect(changeOf(known, { ...form, http: '20' })).toEqual({ calls: { 'tool:http': { perSecond: 20, burst: 50 } } });
  expect(changeOf({ ...known, calls: [] }, { ...form, http: '0.5' })).toEqual({
    calls: { 'tool:http': { perSecond: 0.5, burst: 1 } },
  });
  expect(changeOf(known, { ...form, http: '' })).toEqual({ calls: { 'tool:http': null } });
});
