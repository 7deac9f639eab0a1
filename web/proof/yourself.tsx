import { Command } from '../ui/copy.js';
import { shortRun } from '../ui/format.js';
import styles from './page.module.css';

/** How to check a run without this page, without the room, and without us. */
export function Yourself({ run, sealed }: { run: string; sealed: boolean }) {
  const id = shortRun(run);
  const file = `proof-${id}.json`;
  return (
    <section className={styles['section']} aria-label="Check it yourself">
      <h2>Check it yourself</h2>
      {!sealed && <p className="mut">Once the run is sealed:</p>}
      <ol className={styles['steps']}>
        <li>
          <p>Take the bundle along, here or with the button above.</p>
          <Command text={`npx opsroom proofs ${id} --out ${file}`} />
        </li>
        <li>
          <p>On any machine, without a room and without a network.</p>
          <Command text={`npx opsroom verify ${file}`} />
        </li>
        <li>
          <p>
            To know whose it is as well, take the public key from the room’s host by a way that you trust, and pin it
            with <code>--key host.pub.pem</code>.
          </p>
          <Command text="openssl pkey -in .opsroom/keys/signing-key.pem -pubout -out host.pub.pem" />
        </li>
        <li>
          <p>
            Or without our code: about a hundred lines of Python, its standard library alone (docs/proof-format.md).
          </p>
          <Command text={`python3 docs/verify_proof.py ${file}`} />
        </li>
      </ol>
      <p className="dim">
        This page computed every hash and the signature in your browser. It still came from the room: who does not trust
        that takes the bundle elsewhere.
      </p>
    </section>
  );
}
