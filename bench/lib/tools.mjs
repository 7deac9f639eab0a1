import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';

/** What a step does in each layer. The same for all peers, but that Opsroom's own shell tool does it for Opsroom. */
export const LAYERS = {
  noop: { tool: 'noop', verified: false, what: 'a function that does nothing' },
  evidence: { tool: 'noop', verified: true, what: 'the same, judged before and after by a function, evidence kept' },
  shell: { tool: 'shell', verified: false, what: '`bash -c true`, its exit code kept' },
  shellVerified: {
    tool: 'shell',
    verified: true,
    what: 'the same, judged before and after by a function, evidence kept',
  },
  sandboxed: { tool: 'sandboxed', verified: false, what: '`bash -c true` under bubblewrap, without a network' },
  crowded: { tool: 'noop', verified: true, what: 'as "evidence", among 100,000 old runs and 50 followers' },
};

const NOTHING = { exitCode: 0 };
const SANDBOX = ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--'];

const run = (program, args) =>
  new Promise((resolve, reject) => {
    const output = [];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve({ exitCode: code, stdout: Buffer.concat(output).toString() })
        : reject(new Error(`exit ${code}`)),
    );
  });

/** The bare tools: name to function. */
export const TOOLS = {
  noop: async () => NOTHING,
  shell: () => run('bash', ['-c', 'true']),
  sandboxed: () => run('bwrap', [...SANDBOX, 'bash', '-c', 'true']),
};

export const EVIDENCE_TABLE = `create table if not exists evidence (
  run text not null, step text not null, prev text not null, hash text not null, body jsonb not null, primary key (run, step))`;

/** The function verifier: not there before the step, there afterwards. */
export const check = (phase) => ({ passed: phase !== 'baseline', evidence: { phase, found: phase !== 'baseline' } });

/**
 * A step as the peers execute it: the tool, and in verified layers a look before and one after, with one row of evidence
 * that is linked to the one before by its hash. (Opsroom writes more: arguments, events, a signed bundle at the end.)
 *
 * @param {{ tool: string, verified: boolean }} layer
 * @param {import('pg').Pool} pool of the peer's own tables, on the same server
 */
export function stepOf(layer, pool) {
  const tool = TOOLS[layer.tool];
  if (!layer.verified) return async () => tool();
  const heads = new Map();
  return async (run, step, last) => {
    const baseline = check('baseline');
    const output = await tool();
    const verdict = { ...check('verdict'), proven: !baseline.passed };
    const body = JSON.stringify({ run, step, baseline, output, verdict, at: new Date().toISOString() });
    const prev = heads.get(run) ?? '';
    const hash = createHash('sha256').update(prev).update(body).digest('hex');
    if (last) heads.delete(run);
    else heads.set(run, hash);
    await pool.query({
      name: 'evidence',
      text: 'insert into evidence (run, step, prev, hash, body) values ($1, $2, $3, $4, $5)',
      values: [run, step, prev, hash, body],
    });
    return output;
  };
}
