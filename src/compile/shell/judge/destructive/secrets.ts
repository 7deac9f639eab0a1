import type { ReasonedShape } from '../shapes.js';

/** Secrets, keys and certificates. */
export const SECRETS: readonly ReasonedShape[] = [
  { programs: ['etcdctl'], words: ['del'], reason: 'removes keys' },
  { programs: ['etcdctl'], words: ['member', 'remove'], reason: 'takes the cluster apart' },
  { programs: ['step'], words: ['ca', 'revoke'], reason: 'removes or revokes a certificate' },
  { programs: ['consul'], words: ['kv', 'delete'], reason: 'removes keys' },
  { programs: ['vault'], words: ['delete|destroy'], reason: 'removes secrets' },
  {
    programs: ['vault'],
    words: ['kv', 'delete|destroy|metadata'],
    without: /^(?:get|put|patch)$/,
    reason: 'removes secrets',
  },
  { programs: ['gpg', 'gpg2'], argument: /^--delete-/, reason: 'removes keys' },
  { programs: ['certbot'], words: ['delete|revoke'], reason: 'removes or revokes a certificate' },
  { programs: ['vault'], words: ['secrets|auth|audit', 'disable'], reason: 'removes secrets' },
  { programs: ['vault'], words: ['lease|token', 'revoke'], reason: 'revokes what others use' },
  { programs: ['vault'], words: ['operator', 'seal|step-down'], reason: 'stops the vault for everybody' },
  {
    programs: ['vault'],
    words: ['operator', 'rekey|generate-root|migrate'],
    unless: ['-status'],
    reason: 'makes new keys of the vault',
  },
  {
    programs: ['vault', 'consul', 'nomad'],
    words: ['operator', 'raft|snapshot'],
    argument: /^(?:restore|remove-peer)$/,
    reason: 'replaces or removes what it holds',
  },
  { programs: ['consul'], words: ['snapshot', 'restore'], reason: 'replaces all that it holds' },
];
