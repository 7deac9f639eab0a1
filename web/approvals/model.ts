import type { paths } from '../api/schema.js';

type Answer<P extends '/v1/intents' | '/v1/intents/{intent}'> =
  paths[P]['get']['responses'][200]['content']['application/json'];

/** An intent as lists show it. */
export type Intent = Answer<'/v1/intents'>['intents'][number];
/** With all that whoever decides needs. */
export type IntentDetail = Answer<'/v1/intents/{intent}'>;
export type Step = IntentDetail['steps'][number];
export type Diff = NonNullable<IntentDetail['diff']>;
export type Difference = Diff['plan'][number];
export type Action = Intent['actions'][number]['action'];
