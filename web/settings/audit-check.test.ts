import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { type AuditEntry, auditLeaf, proveInclusion } from '../../src/record/audit.js';
import { signingKey } from '../../src/record/dsse.js';
import { checkEntry } from './audit-check.js';

const key = signingKey(generateKeyPairSync('ed25519').privateKey);
const LOG = Array.from(
  { length: 21 },
  (_, seq): AuditEntry => ({
    org: 'o',
    seq,
    at: '2026-11-21T10:00:00.000Z',
    kind: 'test',
    actor: 'key:é',
    data: { seq },
  }),
);
const leaves = LOG.map(auditLeaf);

test('an entry is found in the tree at every size and place, and an altered one is not', async () => {
  for (let size = 1; size <= LOG.length; size++) {
    for (const entry of LOG.slice(0, size)) {
      const proof = proveInclusion(entry, leaves.slice(0, size), { key, at: entry.at });
      expect(await checkEntry(proof, key.publicKeyPem)).toMatchObject({ state: 'in the tree', key: key.keyid });
      const altered = { ...proof, entry: { ...entry, actor: 'key:e' } };
      expect((await checkEntry(altered, key.publicKeyPem)).state).toBe('not in the tree');
      expect((await checkEntry({ ...proof, size: size + 1 }, key.publicKeyPem)).state).toBe('not in the tree');
    }
  }
});

test('a head that somebody else signed is not believed', async () => {
  const [entry] = LOG as [AuditEntry];
  const other = signingKey(generateKeyPairSync('ed25519').privateKey);
  const proof = proveInclusion(entry, leaves, { key: other, at: entry.at });
  expect((await checkEntry(proof, key.publicKeyPem)).state).toBe('not signed');
});
