import { z } from 'zod';
import { operation } from '../operation.js';
import { policyView, problemView, showPolicy } from './view.js';

export const policiesView = z.object({
  folder: z.string().describe('Where they lie on the machine of the room.'),
  shipped: z.boolean().describe('They are those that come with Opsroom.'),
  digest: z.string(),
  policies: z.array(policyView),
  forms: z.array(z.string()),
  problems: z.array(problemView).describe('Why none of them can be used. While there are any, nothing is permitted.'),
});

export const getPolicies = operation({
  name: 'policies.get',
  summary: 'The policies in force: each with its words, its text and what it waits for; or what is wrong with them.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: policiesView,
  run: async (_, room) => {
    const { folder, shipped, digest, policies, forms, problems } = await room.policies.describe();
    return {
      folder,
      shipped,
      digest,
      policies: policies.map(showPolicy),
      forms: [...forms.keys()],
      problems: [...problems],
    };
  },
});
