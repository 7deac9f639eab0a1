import { describe, expect, it } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import type { PrincipalFacts } from '../decision.js';
import { roleOf, whyNotEligible } from './eligible.js';

const who = (kind: PrincipalFacts['kind'], by: string, person: string | null = null): PrincipalFacts => ({
  kind,
  by,
  person,
  role: kind === 'person' ? 'approver' : null,
  agent: kind === 'agent' ? 'gpt' : null,
});
const ada = who('person', 'person:ada@ops.example', 'p-ada');
const joe = who('person', 'person:joe@ops.example', 'p-joe');
const machine = who('machine', 'user:ada@build');

describe('who may approve', () => {
  it(verifies('POLICY-02', 'no key, agent or schedule, whatever it is of'), () => {
    for (const kind of ['agent', 'key', 'system'] as const)
      expect(whyNotEligible(who(kind, 'key:gpt', 'p-joe'), ada)).toMatch(/^Only people/);
  });

  it(
    verifies(
      'POLICY-02',
      'nobody their own, nor what a key or a schedule asked for them; what their agent thought of, yes',
    ),
    () => {
      expect(whyNotEligible(ada, joe)).toBeUndefined();
      const own = [ada, { ...ada, by: 'person:ada@new.example' }, who('key', 'key:ci', 'p-ada')];
      const nobodys = [machine, who('key', 'key:ci'), { ...who('system', 'cron:nightly'), agent: 'cron' }];
      for (const proposer of nobodys) expect(whyNotEligible(ada, proposer), proposer.by).toMatch(/might be your own/);
      expect(whyNotEligible(ada, who('agent', 'key:gpt'))).toBeUndefined();
      const told = ['cron', 'webhook'].map((agent) => ({ ...who('agent', `${agent}:nightly`, 'p-ada'), agent }));
      for (const proposer of [...own, ...told]) expect(whyNotEligible(ada, proposer), proposer.by).toMatch(/^Nobody/);
      for (const proposer of [...own, ...told]) expect(whyNotEligible(joe, proposer), proposer.by).toBeUndefined();
      expect(whyNotEligible(ada, who('agent', 'key:gpt', 'p-ada'))).toBeUndefined();
    },
  );

  it('the user of the machine, but what programs asked for until it is known who that is', () => {
    expect(whyNotEligible(machine, who('key', 'key:ci'))).toBeUndefined();
    expect(whyNotEligible(machine, who('agent', 'key:gpt', 'p-joe'))).toBeUndefined();
    for (const other of [machine, ada, who('machine', 'user:joe@other')])
      expect(whyNotEligible(machine, other)).toBeDefined();
    const linked = { ...machine, person: 'p-ada' };
    expect(whyNotEligible(linked, joe)).toBeUndefined();
    expect(whyNotEligible(linked, ada)).toMatch(/^Nobody/);
    expect([roleOf(machine), roleOf(joe), roleOf(who('key', 'key:ci'))]).toEqual(['owner', 'approver', null]);
  });
});
