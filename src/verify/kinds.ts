import type { VerifierKind } from '#ir/calls.js';
import type { Verifier } from '#ir/plan.js';
import type { Keeper } from '#sandbox/keeper.js';
import { checksumKind } from './checksum.js';
import { ciGateKind, type Gates } from './ci-gate.js';
import { customKind } from './custom.js';
import { fileKind } from './file.js';
import { httpKind } from './http.js';
import { jsonSchemaKind } from './json-schema.js';
import { shellKind } from './shell.js';
import { sqlKind } from './sql.js';

/** Every kind of verifier by its name. `keeper` ends their processes if this worker dies. */
export function verifierKinds(options: {
  readonly keeper?: Keeper;
  readonly gates: Gates;
}): ReadonlyMap<Verifier['kind'], VerifierKind> {
  const { keeper, gates } = options;
  const kinds = [
    httpKind(),
    shellKind(keeper),
    sqlKind(),
    jsonSchemaKind(),
    checksumKind(),
    fileKind(),
    customKind(keeper),
    ciGateKind(gates),
  ];
  return new Map(kinds.map((kind) => [kind.contract.kind, kind]));
}
