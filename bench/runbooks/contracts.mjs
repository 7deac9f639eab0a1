/** Contracts of tools and verifiers that take any arguments: what the compiler decides does not depend on them. */
const anything = { safeParse: (data) => ({ success: true, data }) };
const tool = (id) => ({
  id,
  defaultAction: 'run',
  actions: ['run', 'background', 'query', 'execute', 'request'],
  args: anything,
  literal: [],
  isReadOnly: () => false,
});
const verifier = (kind) => [kind, { kind, config: anything, literal: [], subject: () => 'outside', expectation: [] }];

export const contracts = {
  tools: new Map(['shell', 'sql', 'http'].map((id) => [id, tool(id)])),
  verifiers: new Map(['shell', 'json_schema', 'sql', 'http'].map(verifier)),
  knownPrecondition: () => true,
};
