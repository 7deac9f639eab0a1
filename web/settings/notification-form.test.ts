import { expect, test } from 'vitest';
import { bodyOf, emptyForm, lacking, placeText } from './notification-form.js';

const form = { ...emptyForm('Europe/Berlin'), name: ' team ', secret: 'SLACK_WEBHOOK' };

test('says what is missing, one thing after the other', () => {
  expect(lacking(emptyForm('UTC'))).toBe('Give it a name.');
  expect(lacking({ ...form, secret: '' })).toBe('Name the secret.');
  expect(lacking({ ...form, kind: 'webhook' })).toBe('Give the URL.');
  expect(lacking({ ...form, kind: 'email', to: 'a@example.com' })).toBe('Say from whom to whom.');
  expect(lacking({ ...form, events: [] })).toBe('Choose what is told.');
  expect(lacking({ ...form, quietFrom: '22:00' })).toBe('Give both quiet hours, or none.');
  expect(lacking(form)).toBeUndefined();
});

test('makes of each place what the room takes', () => {
  expect(bodyOf(form)).toMatchObject({
    name: 'team',
    place: { kind: 'slack', urlSecret: 'SLACK_WEBHOOK' },
    quiet: null,
  });
  const webhook = bodyOf({ ...form, kind: 'webhook', url: ' https://hooks.example/in ' });
  expect(webhook.place).toEqual({
    kind: 'webhook',
    url: 'https://hooks.example/in',
    signingSecret: 'SLACK_WEBHOOK',
    allowAddresses: [],
  });
  const email = bodyOf({
    ...form,
    kind: 'email',
    to: 'a@example.com, b@example.com',
    from: 'room@example.com',
    allowed: '10.0.0.7:25, 10.1.0.0/16',
  });
  expect(email.place).toMatchObject({ allowAddresses: ['10.0.0.7:25', '10.1.0.0/16'] });
  expect(email.place).toMatchObject({ to: ['a@example.com', 'b@example.com'] });
  expect(placeText(email.place)).toBe('a@example.com, b@example.com');
  const quiet = bodyOf({ ...form, environment: 'production', quietFrom: '22:00', quietTo: '07:00' });
  expect(quiet).toMatchObject({
    only: { environment: 'production' },
    quiet: { from: '22:00', to: '07:00', zone: 'Europe/Berlin' },
  });
});
