import { shortDigest, size } from '../../ui/format.js';
import styles from './artefacts.module.css';
import pane from './inspector.module.css';
import type { PaneProps } from './pane-props.js';

/** Files that the step left behind, kept by their digests. */
export function Artefacts({ run, detail }: PaneProps) {
  const files = detail.attempts.flatMap(({ attempt, artefacts }) => artefacts.map((file) => ({ ...file, attempt })));
  if (files.length === 0)
    return <p className={pane['none']}>It declares no files to keep. In a plan: artefacts: [{'{ name, path }'}].</p>;
  return (
    <ul>
      {files.map(({ name, sha256, size: bytes, present, attempt }) => (
        <li key={`${attempt} ${name}`} className={`${pane['section']} ${styles['file']}`}>
          <code>{name}</code>
          <span className="num dim">{size(bytes)}</span>
          <code className="dim" title={sha256}>
            sha256:{shortDigest(sha256)}
          </code>
          {present ? (
            <a className="link" href={`/v1/runs/${run.runId}/artefacts/${sha256}`} download={name}>
              Download
            </a>
          ) : (
            <span className="dim">pruned: its digest stays in the proof</span>
          )}
        </li>
      ))}
    </ul>
  );
}
