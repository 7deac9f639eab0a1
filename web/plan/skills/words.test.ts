import { expect, test } from 'vitest';
import { environmentText, judgesText, limitText, stepText } from './words.js';

test('a limit of time reads as people say it', () => {
  expect([500, 60_000, 90_000, 600_000, 5_400_000, 10_800_000].map(limitText)).toEqual([
    '500 ms',
    '60 s',
    '90 s',
    '10 min',
    '1 h 30 min',
    '3 h',
  ]);
});

test('a skill is used with what it must be given, and says where and by whom it is judged', () => {
  const input = { name: 'service', type: 'string', required: true, description: '' };
  const more = { ...input, name: 'times', required: false };
  expect(stepText({ slug: 'restart', inputs: [input, more] })).toBe(
    "- id: use\n  skill: restart\n  args:\n    service: '{{ inputs.service }}'",
  );
  expect(stepText({ slug: 'look', inputs: [] })).toBe('- id: use\n  skill: look');
  expect([environmentText({ allowedEnvs: null }), environmentText({ allowedEnvs: ['dev', 'staging'] })]).toEqual([
    'every environment',
    'dev, staging',
  ]);
  const judge = { id: 'answers', kind: 'http', required: true };
  expect(judgesText([judge, { id: 'log', kind: 'file', required: false }])).toBe(
    'answers (http), log (file, warns only)',
  );
});
