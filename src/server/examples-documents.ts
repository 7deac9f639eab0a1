import { AT, HEX } from './example-run.js';

const document = '019ab3c0-e711-7d02-9a44-1c2b3d4e5f60';
const added = {
  documentId: document,
  name: 'procedure.md',
  kind: 'markdown' as const,
  url: null,
  sha256: HEX,
  bytes: 46,
  pages: 1,
  flags: [],
  by: 'person:ada@ops.example',
  at: AT,
};

/** Of documents. */
export const DOCUMENT_EXAMPLES = {
  'documents.add': {
    input: {
      name: 'procedure.md',
      content: Buffer.from('# Restart\n\n```sh\nsystemctl restart shop\n```\n').toString('base64'),
    },
    output: added,
  },
  'documents.list': { input: {}, output: { documents: [added], next: null } },
  'documents.get': {
    input: { document },
    output: {
      ...added,
      text: '# Restart\n\nIt must be done within 5 minutes.\n',
      pageLines: [1],
      requirements: [
        {
          kind: 'constraint' as const,
          text: 'It must be done within 5 minutes.',
          line: 3,
          page: 1,
          from: 'rule' as const,
        },
      ],
    },
  },
  'documents.extract': {
    input: { document },
    output: {
      model: null,
      why: 'No language model is configured (OPSROOM_MODEL).',
      requirements: [{ kind: 'integration' as const, text: 'Stripe', line: 8, page: 1, from: 'rule' as const }],
    },
  },
  'documents.draft': {
    input: { document },
    output: {
      compiled: null,
      file: 'procedure.md',
      sources: [],
      why: 'The runbook has no step. Put its commands into fenced blocks.',
      draft: null,
    },
  },
};
