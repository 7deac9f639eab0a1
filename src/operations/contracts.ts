import type { Contracts } from '#compile/contracts.js';
import type { Tool, VerifierKind } from '#ir/calls.js';
import type { Verifier } from '#ir/plan.js';
import type { Keeper } from '#sandbox/keeper.js';
import type { Limits } from '#sandbox/limits.js';
import { httpTool } from '#tools/http/tool.js';
import { shellTool } from '#tools/shell/tool.js';
import { sqlTool } from '#tools/sql/tool.js';
import { sshTool } from '#tools/ssh/tool.js';
import { verifierKinds } from '#verify/kinds.js';
import { knownPrecondition } from '#verify/precondition-names.js';

export interface BuiltIn {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly kinds: ReadonlyMap<Verifier['kind'], VerifierKind>;
  readonly contracts: Contracts;
}

export interface BuiltInOptions {
  /** Ends the processes of steps and verifiers if the worker dies. */
  readonly keeper?: Keeper;
  /** What sandboxed steps must not see. */
  readonly hidden?: readonly string[];
  /** What a step of the shell tool may use. */
  readonly limits?: Limits;
}

/** The tools and verifiers that every room has. To compile a plan, no room is needed: `builtIn().contracts`. */
export function builtIn(options: BuiltInOptions = {}): BuiltIn {
  const tools = new Map([shellTool(options), httpTool(), sqlTool(), sshTool()].map((tool) => [tool.contract.id, tool]));
  const kinds = verifierKinds(options);
  return {
    tools,
    kinds,
    contracts: {
      tools: new Map([...tools].map(([id, tool]) => [id, tool.contract])),
      verifiers: new Map([...kinds].map(([kind, verifier]) => [kind as string, verifier.contract])),
      knownPrecondition,
    },
  };
}
