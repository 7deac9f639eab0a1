import type { paths } from '../api/schema.js';

type Body = paths['/v1/notification-rules']['post']['requestBody']['content']['application/json'];
export type RuleBody = Body;
export type NoticeEvent = Body['events'][number];
export type PlaceKind = Body['place']['kind'];

/** What can be told, in the words of the page. */
export const EVENTS: readonly (readonly [NoticeEvent, string])[] = [
  ['run.failed', 'a run failed or was rolled back'],
  ['approval.waits', 'something waits for approval'],
  ['run.waits', 'a run waits for a person'],
  ['run.succeeded', 'a run succeeded'],
  ['worker.lost', 'a worker died'],
  ['room.degraded', 'runs wait and no worker takes them'],
];

export const PLACES: readonly { readonly value: PlaceKind; readonly text: string }[] = [
  { value: 'slack', text: 'Slack' },
  { value: 'discord', text: 'Discord' },
  { value: 'webhook', text: 'Webhook' },
  { value: 'email', text: 'E-mail' },
];

/** The form as it is filled in: everything text, nothing judged yet. */
export interface RuleForm {
  readonly name: string;
  readonly kind: PlaceKind;
  readonly secret: string;
  readonly url: string;
  readonly to: string;
  readonly from: string;
  /** Private addresses that it may lead to, separated by commas or blanks. */
  readonly allowed: string;
  readonly events: readonly NoticeEvent[];
  readonly environment: string;
  readonly quietFrom: string;
  readonly quietTo: string;
  readonly zone: string;
}

export const emptyForm = (zone: string): RuleForm => ({
  name: '',
  kind: 'slack',
  secret: '',
  url: '',
  to: '',
  from: '',
  allowed: '',
  events: ['run.failed', 'approval.waits'],
  environment: '',
  quietFrom: '',
  quietTo: '',
  zone,
});

/** Why the form cannot be sent yet; undefined when it can. The server judges what is in it. */
export function lacking(form: RuleForm): string | undefined {
  if (form.name.trim() === '') return 'Give it a name.';
  if (form.secret.trim() === '') return 'Name the secret.';
  if (form.kind === 'webhook' && form.url.trim() === '') return 'Give the URL.';
  if (form.kind === 'email' && (form.to.trim() === '' || form.from.trim() === '')) return 'Say from whom to whom.';
  if (form.events.length === 0) return 'Choose what is told.';
  return (form.quietFrom === '') === (form.quietTo === '') ? undefined : 'Give both quiet hours, or none.';
}

export function bodyOf(form: RuleForm): RuleBody {
  const environment = form.environment.trim();
  const { quietFrom: from, quietTo: to, zone } = form;
  return {
    name: form.name.trim(),
    place: placeOf(form),
    events: [...form.events],
    only: environment === '' ? {} : { environment },
    quiet: from === '' ? null : { from, to, zone: zone.trim() },
  };
}

function placeOf({ kind, secret, url, to, from, allowed }: RuleForm): RuleBody['place'] {
  const name = secret.trim();
  const allowAddresses = listed(allowed);
  if (kind === 'webhook') return { kind, url: url.trim(), signingSecret: name, allowAddresses };
  if (kind === 'email') return { kind, to: listed(to), from: from.trim(), smtpSecret: name, allowAddresses };
  return { kind, urlSecret: name };
}

const listed = (text: string): string[] => text.split(/[\s,;]+/).filter((one) => one !== '');

/** Where a rule tells, in one line. */
export function placeText(place: RuleBody['place']): string {
  if (place.kind === 'email') return place.to.join(', ');
  return place.kind === 'webhook' ? place.url : `${place.kind === 'slack' ? 'Slack' : 'Discord'}: ${place.urlSecret}`;
}
