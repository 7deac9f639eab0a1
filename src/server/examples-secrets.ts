import { AT, RUN } from './example-run.js';

const secret = {
  name: 'DEPLOY_HOOK',
  environment: 'staging',
  app: null,
  hosts: ['hooks.example'],
  version: 2,
  earlier: [1],
  setBy: 'person:ada@ops.example',
  setAt: AT,
  firstSetAt: AT,
  lastUse: { at: AT, runId: RUN, step: 'release', version: 2 },
};
const { name, environment } = secret;
const elsewhere = [{ name: 'GITHUB_TOKEN', source: 'environment', hosts: ['api.github.com'] }];
const use = { at: AT, runId: RUN, step: 'release', source: 'vault', environment, app: null, version: 2 };
const age = '-----BEGIN AGE ENCRYPTED FILE-----\n…\n-----END AGE ENCRYPTED FILE-----\n';
const recipients = ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'];

export const SECRET_EXAMPLES = {
  'secrets.list': { input: {}, output: { secrets: [secret], elsewhere } },
  'secrets.get': { input: { name }, output: { name, secrets: [secret], elsewhere: [], uses: [use] } },
  'secrets.set': {
    input: { name, environment, value: 'https://hooks.example/d/9f2c4e81', hosts: secret.hosts, keep: 2 },
    output: { ...secret, lastUse: null },
  },
  'secrets.bind': {
    input: { name, environment, hosts: secret.hosts },
    output: { name, environment, app: null, hosts: secret.hosts },
  },
  'secrets.import': {
    input: { text: 'DEPLOY_HOOK=https://hooks.example/d/9f2c4e81\nDEBUG=1\n', environment, keep: 2 },
    output: {
      set: [{ ...secret, lastUse: null }],
      leftOut: [{ name: 'DEBUG', reason: 'shorter than 4 characters: masking it would mask everything' }],
    },
  },
  'secrets.export': { input: { recipients }, output: { age, names: [name] } },
  'secrets.remove': { input: { name, environment }, output: { name, removed: [1, 2] } },
};
