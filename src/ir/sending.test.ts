import { expect, test } from 'vitest';
import { isChosenElsewhere, secretNames } from './sending.js';

test('secrets are found wherever they stand', () => {
  const args = {
    url: 'https://a/{{ inputs.x }}',
    auth: { bearer: '{{ secrets.TOKEN }}' },
    list: ['{{ secrets.A + secrets.B }}'],
  };
  expect([...secretNames(args)]).toEqual(['TOKEN', 'A', 'B']);
});

test.each([
  ['https://api.example/v1/{{ inputs.project }}', false],
  ['https://api.example?x={{ inputs.project }}', false],
  ['https://api.example', false],
  ['{{ secrets.DEPLOY_HOOK }}', false],
  ['{{ env.API }}/deploy/{{ inputs.ref }}', false],
  ['postgres://u:{{ secrets.PASSWORD }}@db.example/shop', false],
  ['https://{{ run.id }}.api.example/', false],
  ['{{ inputs.url }}', true],
  ['{{ inputs.api }}/v9', true],
  ['https://{{ inputs.host }}/', true],
  ['https://api.example{{ inputs.more }}', true],
  ['https://api.example:{{ inputs.port }}/', true],
  ['https://{{ inputs.who }}@api.example/', true],
  ['{{ secrets.SCHEME }}://{{ inputs.host }}/', true],
  ['postgres://u:{{ secrets.PASSWORD }}@{{ inputs.host }}/shop', true],
  ['{{ steps.look.output.url }}', true],
  ['https://{{ item }}/', true],
  ['https://{{ run.target.app }}.example/', true],
  ['{{ inputs.host }}:5432', true],
])('%s is chosen elsewhere: %s', (url, chosen) => {
  expect(isChosenElsewhere({ url }, ['url'])).toBe(chosen);
});

test('lists are looked through, and what is not there is chosen by nobody', () => {
  expect(isChosenElsewhere({ sendsTo: ['a.example:1', '{{ inputs.host }}:2'] }, ['sendsTo'])).toBe(true);
  expect(isChosenElsewhere({ url: 'x' }, ['baseUrl'])).toBe(false);
});
