const inputs = [
  {
    name: 'url',
    type: 'string',
    required: true,
    default: null,
    description: 'What is asked',
    choices: [],
  },
];
const template = {
  name: 'shop-check',
  origin: 'project' as const,
  kind: 'check',
  title: 'Check {{ inputs.url }}',
  summary: 'Ask the shop whether it answers.',
  tags: ['check', 'shop'],
  steps: 1,
  inputs,
  needs: { secrets: [], env: [], names: [] },
  problem: null,
};
const verifiers = [{ id: 'up', kind: 'http', required: true, config: { url: 'https://shop.example/' } }];

/** Of templates. */
export const TEMPLATE_EXAMPLES = {
  'templates.list': { input: { text: 'check' }, output: { templates: [template] } },
  'templates.get': {
    input: { template: 'http-health-check' },
    output: {
      ...template,
      text: 'apiVersion: opsroom/v1\ntitle: Check {{ inputs.url }}\n…',
      file: 'templates/http-health-check.yaml',
      compiled: null,
    },
  },
  'templates.preview': {
    input: { template: 'http-health-check', inputs: { url: 'https://shop.example/' } },
    output: {
      name: 'http-health-check',
      title: 'Check https://shop.example/',
      target: { environment: 'production' },
      inputs: { url: 'https://shop.example/' },
      missing: [],
      problem: null,
      steps: [
        {
          id: 'answer',
          title: 'Ask it',
          tool: 'http',
          action: 'request',
          starts: true,
          items: null,
          args: { url: 'https://shop.example/', expectStatus: 200 },
          verifiers,
          rollback: [],
        },
      ],
    },
  },
};
