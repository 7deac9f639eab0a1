import type { ReasonedShape } from '../shapes.js';
import { CLOUDS } from './clouds.js';
import { CLUSTERS } from './clusters.js';
import { DATABASES } from './databases.js';
import { DISKS } from './disks.js';
import { FILES } from './files.js';
import { MACHINES } from './machines.js';
import { RELEASES } from './releases.js';
import { SECRETS } from './secrets.js';

/** Commands that may destroy something, and what people are told of them. The first that fits gives the reason. */
export const DESTRUCTIVE: readonly ReasonedShape[] = [
  ...FILES,
  ...DISKS,
  ...MACHINES,
  ...DATABASES,
  ...CLUSTERS,
  ...CLOUDS,
  ...SECRETS,
  ...RELEASES,
];
