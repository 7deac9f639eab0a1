import { CopyButton } from '../ui/copy.js';
import { Time } from '../ui/time.js';
import { Pairs, Value } from '../ui/value.js';
import { rowsOf } from '../ui/values.js';
import { visible } from '../ui/visible.js';
import { Box } from './box.js';
import box from './box.module.css';
import type { IntentDetail } from './model.js';
import { Until } from './until.js';
import { digestWords, isOpen } from './words.js';

/** What a yes counts for, and until when. */
export function BoundTo({ intent }: { intent: IntentDetail }) {
  const { planDigest, decision, target, inputs, expiresAt, source, status } = intent;
  const open = isOpen({ status });
  return (
    <Box
      title={open ? 'Your approval is bound to' : 'What it was bound to'}
      note={open && 'void if any changes'}
      padded
    >
      <dl className={box['pairs']}>
        <dt>Plan</dt>
        <dd>
          <Digest digest={planDigest} what="the digest of the plan" />
          <p className="label">{visible(source.name)}</p>
        </dd>
        <dt>Policy</dt>
        <dd>
          <Digest digest={decision.policyDigest} what="the digest of the policies" />
        </dd>
        <dt>Target</dt>
        <dd>
          {rowsOf(target).map(({ path, text }) => (
            <p key={path}>
              <span className="dim">{path}</span> <Value text={text} />
            </p>
          ))}
          {Object.keys(target).length === 0 && <span className="dim">none is named</span>}
        </dd>
        <dt>Inputs</dt>
        <dd>
          {Object.keys(inputs).length === 0 ? <span className="dim">none</span> : <Pairs rows={rowsOf(inputs)} />}
        </dd>
        <dt>Expires</dt>
        <dd>
          <Time at={expiresAt} seconds />
          {open && expiresAt !== null && (
            <span className="dim">
              {' '}
              in <Until at={expiresAt} />
            </span>
          )}
        </dd>
      </dl>
    </Box>
  );
}

function Digest({ digest, what }: { digest: string; what: string }) {
  return (
    <>
      <code title={digest}>{digestWords(digest)}</code> <CopyButton text={digest} what={what} />
    </>
  );
}
