import type { CheckParseAnswer } from '@cedar-policy/cedar-wasm/nodejs';
import type { Decision, Question } from '../decision.js';
import type { Cedar, CedarModule } from './cedar.js';
import { type Answer, decide } from './decide.js';
import type { CedarRequest } from './facts.js';
import type { PolicySet } from './load.js';

const SCHEMA = 'room';

/** One set, parsed once into an engine of its own and asked many times. */
export class PolicyEngine {
  readonly set: PolicySet;
  readonly #cedar: Cedar;
  #preparedIn = 0;
  readonly #prepared = new Set<string>();

  /** @param cedar that no other set uses from now on: what is parsed into it stays, under the same names */
  constructor(cedar: Cedar, set: PolicySet) {
    this.#cedar = cedar;
    this.set = set;
  }

  /** Whatever goes wrong on the way is a refusal. */
  decide(question: Question): Decision {
    return decide(this.set, question, (request) => this.#ask(request));
  }

  #ask(request: CedarRequest): Answer {
    try {
      return this.#cedar.use((engine) => ask(engine, request, this.#prepare(engine, request)));
    } catch (error) {
      return failed((error as Error).message);
    }
  }

  /**
   * Only what may speak of this action and of such a principal is asked: a policy that does not would take as long as one that
   * decides.
   * @returns under which name it is parsed
   */
  #prepare(engine: CedarModule, { action, principal: { type } }: CedarRequest): string {
    if (this.#preparedIn !== this.#cedar.instance) {
      this.#prepared.clear();
      must(engine.preparseSchema(SCHEMA, this.set.schema));
      this.#preparedIn = this.#cedar.instance;
    }
    const name = `${action} ${type}`;
    if (this.#prepared.has(name)) return name;
    const speaking = [...this.set.policies.values()].filter(
      ({ actions, principals }) => actions.includes(action) && (principals?.includes(type) ?? true),
    );
    must(
      engine.preparsePolicySet(name, {
        staticPolicies: Object.fromEntries(speaking.map(({ id, text }) => [id, text])),
      }),
    );
    this.#prepared.add(name);
    return name;
  }
}

function must(answer: CheckParseAnswer): void {
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
}

function ask(
  engine: CedarModule,
  { principal, action, resource, context, entities }: CedarRequest,
  name: string,
): Answer {
  const answer = engine.statefulIsAuthorized({
    principal,
    action: { type: 'Action', id: action },
    resource,
    context,
    entities,
    preparsedSchemaName: SCHEMA,
    // Held against the schema, or a role or a fact of another type would make a `forbid` fail, and Cedar skips what fails.
    validateRequest: true,
    preparsedPolicySetId: name,
  });
  if (answer.type === 'failure') return failed(...answer.errors.map(({ message }) => message));
  const { decision, diagnostics } = answer.response;
  const errors = diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`);
  return { allowed: decision === 'allow' && errors.length === 0, policies: diagnostics.reason, errors };
}

const failed = (...errors: string[]): Answer => ({ allowed: false, policies: [], errors });
