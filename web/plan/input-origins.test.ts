import { expect, test } from 'vitest';
import { fieldsOf } from '../ui/input-form/inputs.js';
import { changesIn, type Filling, originTexts, questionTexts, shownTexts } from './input-origins.js';

const fields = fieldsOf({
  required: ['unit', 'url'],
  properties: {
    unit: { type: 'string', description: 'What is restarted.' },
    url: { type: 'string' },
    environment: { type: 'string' },
    times: { type: 'integer', default: 3 },
    note: { type: 'string' },
  },
});
const asked = { name: 'unit', from: 'asked', value: null, question: 'unit (What is restarted.)?' } as const;
const filling: Filling = {
  fields,
  own: { url: 'https://shop.example', environment: 'staging' },
  changed: {},
  values: [
    asked,
    { name: 'url', from: 'model', value: 'https://other.example', question: '' },
    { name: 'environment', from: 'rule', value: 'staging', question: '' },
  ],
};

test('fields hold the plan’s own values, and what was changed in one wins', () => {
  expect(shownTexts(filling)).toEqual({
    unit: '',
    url: 'https://shop.example',
    environment: 'staging',
    times: '3',
    note: '',
  });
  const typed = { ...shownTexts(filling), url: 'https://new.example', unit: 'shop' };
  const changed = changesIn(filling, typed);
  expect(changed).toEqual({ url: 'https://new.example', unit: 'shop' });
  // The plan is edited below it: what was changed stays, all else is the plan's again.
  const edited = { ...filling, own: { url: 'https://edited.example', environment: 'dev' }, changed };
  expect(shownTexts(edited)).toMatchObject({ url: 'https://new.example', unit: 'shop', environment: 'dev' });
  expect(shownTexts({ ...filling, changed: { gone: 'x' } })).not.toHaveProperty('gone');
});

test('each value says where it came from: as drafted, from the plan, by default, or from the reader', () => {
  // What a draft said of the URL is not what stands there now.
  expect(originTexts(filling)).toEqual({
    unit: 'asked',
    url: 'from the plan',
    environment: 'by rule',
    times: 'default',
  });
  const changed = { url: '', environment: 'production', note: 'soon', times: '' };
  expect(originTexts({ ...filling, changed })).toEqual({
    unit: 'asked',
    url: 'by you, not https://shop.example',
    environment: 'by you, not staging',
    note: 'by you',
    times: 'empty: 3 counts',
  });
});

test('what a draft asks stands at its field until it is answered', () => {
  expect(questionTexts(filling, shownTexts(filling))).toEqual({ unit: asked.question });
  expect(questionTexts(filling, { unit: 'shop' })).toEqual({});
});
