import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type * as Wasm from '@cedar-policy/cedar-wasm/nodejs';

export type CedarModule = typeof Wasm;

const require = createRequire(import.meta.url);
const MODULE = '@cedar-policy/cedar-wasm/nodejs';
// A later V8 may not know a flag, and would say so on stderr.
if (Number.parseInt(process.versions.node, 10) <= 22) {
  // V8 of Node 20 ends the process ("Fatal error: unreachable code", in the deoptimizer) some thousand decisions after it has inlined
  // the calls into the engine. To look them up costs nothing that could be measured.
  setFlagsFromString('--no-turbo-inline-js-wasm-calls');
  // V8 compiles all 4 MB for speed in the background, with every core there is: whoever starts waits three times as long for the
  // first decision, and the process keeps 40 MB more that its compiling threads had used. With one at a time neither.
  setFlagsFromString('--wasm-num-compilation-tasks=1');
}

/** What the engine threw in place of an answer: it ran out of stack, on a text nested beyond reason. */
export class CedarTrap extends Error {
  override readonly name = 'CedarTrap';
}

/**
 * One instance of the Cedar engine (WebAssembly, 4 MB), loaded when it is first asked.
 *
 * An instance that has trapped answers nothing any more ("memory access out of bounds" for ever), and a text of some hundred
 * nested brackets makes it trap. So whoever asks gets a `CedarTrap`, and the next one a new instance.
 */
export class Cedar {
  #loaded: CedarModule | undefined;
  #instance = 0;

  /** Differs from one instance to the next: what was prepared in another is gone. */
  get instance(): number {
    return this.#instance;
  }

  /** @throws CedarTrap */
  use<T>(work: (cedar: CedarModule) => T): T {
    if (this.#loaded === undefined) {
      this.#loaded = freshModule();
      this.#instance++;
    }
    try {
      return work(this.#loaded);
    } catch (cause) {
      this.#loaded = undefined;
      throw new CedarTrap('The policy engine gave up.', { cause });
    }
  }
}

/** The module instantiates its WebAssembly while it is loaded, so another instance is another load. */
function freshModule(): CedarModule {
  delete require.cache[require.resolve(MODULE)];
  return require(MODULE) as CedarModule;
}
