import type { CheckParseAnswer } from '@cedar-policy/cedar-wasm/nodejs';
import { ACTIONS, type Action, type Decision, type Question } from '../decision.js';
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

  /** @param cedar that no other set uses: what is parsed into it stays, by the name of its action */
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
      return this.#cedar.use((engine) => {
        if (this.#preparedIn !== this.#cedar.instance) this.#prepare(engine);
        return ask(engine, request);
      });
    } catch (error) {
      return failed((error as Error).message);
    }
  }

  /** Those of each action by themselves: a policy that speaks of another one would take as long as one that decides. */
  #prepare(engine: CedarModule): void {
    must(engine.preparseSchema(SCHEMA, this.set.schema));
    for (const action of ACTIONS) must(engine.preparsePolicySet(action, { staticPolicies: this.#policiesOf(action) }));
    this.#preparedIn = this.#cedar.instance;
  }

  #policiesOf(action: Action): Record<string, string> {
    const speaking = [...this.set.policies.values()].filter(({ actions }) => actions.includes(action));
    return Object.fromEntries(speaking.map(({ id, text }) => [id, text]));
  }
}

function must(answer: CheckParseAnswer): void {
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
}

function ask(engine: CedarModule, { principal, action, resource, context, entities }: CedarRequest): Answer {
  const answer = engine.statefulIsAuthorized({
    principal,
    action: { type: 'Action', id: action },
    resource,
    context,
    entities,
    preparsedSchemaName: SCHEMA,
    // Held against the schema, or a role or a fact of another type would make a `forbid` fail, and Cedar skips what fails.
    validateRequest: true,
    preparsedPolicySetId: action,
  });
  if (answer.type === 'failure') return failed(...answer.errors.map(({ message }) => message));
  const { decision, diagnostics } = answer.response;
  const errors = diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`);
  return { allowed: decision === 'allow' && errors.length === 0, policies: diagnostics.reason, errors };
}

const failed = (...errors: string[]): Answer => ({ allowed: false, policies: [], errors });
