const skill = {
  slug: 'shop-restart',
  origin: 'project' as const,
  file: 'skills/shop-restart.yaml',
  name: 'Restart the shop',
  version: '1.0.0',
  description: 'Restart a service of the shop and see that it answers.',
  digest: '7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069',
  tools: ['shell'],
  maxRuntimeMs: 60_000,
  allowedEnvs: ['dev', 'staging'],
  inputs: [{ name: 'service', type: 'string', required: true, description: 'Which one' }],
  outputs: ['answered'],
  steps: ['restart'],
  verifiers: ['answers'],
  problem: null,
  place: null,
};

/** Of skills. */
export const SKILL_EXAMPLES = {
  'skills.list': { input: {}, output: { skills: [skill] } },
  'skills.get': {
    input: { skill: 'repo-mutation' },
    output: {
      ...skill,
      text: 'apiVersion: opsroom/v1\nslug: shop-restart\n…',
      parts: {
        steps: [{ id: 'restart', title: 'Restart it', tool: 'shell', dependsOn: [], verifiers: [], rollback: [] }],
        verifiers: [{ id: 'answers', kind: 'http', required: true }],
      },
    },
  },
};
