import { isAbsolute, join } from 'node:path';
import { sha256 } from '#ir/digest.js';
import type { JsonSchema } from '#ir/json.js';
import { sleep } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import type { Decision, Question, Unusable } from '../decision.js';
import { Cedar } from './cedar.js';
import { PolicyEngine } from './engine.js';
import { type LoadPorts, loadSet } from './load.js';
import type { Policy } from './policy.js';
import type { Problem } from './problem.js';
import { fingerprint, type PolicySource, policyFolder, readSchema, readSource } from './source.js';
import type { PolicyVersion } from './store.js';

/** The policies of a room, as they stand in their folder at the moment when they are asked. */
export interface Policies {
  /**
   * What they say. A set that cannot be used refuses everything, with the reason.
   * @throws nothing
   */
  decide(question: Question): Promise<Decision>;
  /** Of the set that decides now, SHA-256 in hex; of one that cannot be used, too. */
  digest(): Promise<string>;
  /**
   * Reads the folder again and makes the engine ready, which takes some 60 ms the first time.
   * @throws OpsroomError POLICY_INVALID that says what is wrong with it, where, and the mend
   */
  reload(): Promise<PoliciesView>;
  describe(): Promise<PoliciesView>;
}

/** For people: which policies are in force, or why none can be. */
export interface PoliciesView {
  readonly folder: string;
  /** They are those of the package. */
  readonly shipped: boolean;
  readonly digest: string;
  /** Empty where there are problems: nothing is then permitted. */
  readonly policies: readonly Policy[];
  readonly forms: ReadonlyMap<string, JsonSchema>;
  readonly problems: readonly Problem[];
}

export interface PolicyPorts extends LoadPorts {
  /** Folder of the data, beside which `policies/` may lie. */
  readonly home: string;
  /** The folder that `OPSROOM_POLICIES` names. */
  readonly named: string | undefined;
  /** Folder of the policies that come with the package. */
  readonly shipped: string;
  /** Told of each set that takes effect, the first too, before it decides anything. */
  changed?(version: PolicyVersion): Promise<void>;
}

/** An editor that empties a file before it fills it would leave a set without its last rules for a moment. */
const SETTLE_MS = 60;
const SETTLE_LOOKS = 50;

/** A folder as it was read at one time. */
interface Standing {
  /** Empty: it could not be looked at. */
  readonly fingerprint: string;
  readonly folder: string;
  readonly digest: string;
  /** Undefined: the set cannot be used. The one before it is not asked either, since what was mended may have been too loose. */
  readonly engine: PolicyEngine | undefined;
  readonly problems: readonly Problem[];
  readonly files: Readonly<Record<string, string>>;
}

/** Opens the policies of a room; reads nothing yet. */
export function openPolicies(ports: PolicyPorts): Policies {
  return new LivePolicies(ports);
}

class LivePolicies implements Policies {
  readonly #ports: PolicyPorts;
  #standing: Standing | undefined;
  #reading: Promise<Standing> | undefined;

  constructor(ports: PolicyPorts) {
    this.#ports = ports;
  }

  async decide(question: Question): Promise<Decision> {
    try {
      const { engine, digest, folder, problems } = await this.#current();
      return engine?.decide(question) ?? refusalOf(digest, unusable(folder, problems));
    } catch (error) {
      return refusal(this.#standing?.digest ?? NOTHING, (error as Error).message);
    }
  }

  async digest(): Promise<string> {
    return (await this.#current()).digest;
  }

  async reload(): Promise<PoliciesView> {
    const standing = await this.#read();
    if (standing.problems.length > 0) throw problemError(standing.folder, standing.problems);
    return this.#view(standing);
  }

  async describe(): Promise<PoliciesView> {
    return this.#view(await this.#current());
  }

  /** The set that counts now: looked at for each decision, so that a change counts from the next one on. */
  async #current(): Promise<Standing> {
    const { folder, print } = this.#look();
    const { fingerprint, folder: before } = this.#standing ?? {};
    if (this.#standing && print !== '' && fingerprint === print && before === folder) return this.#standing;
    return this.#read();
  }

  #look(): { folder: string; print: string } {
    try {
      const folder = policyFolder(this.#ports);
      return { folder, print: fingerprint(folder) };
    } catch {
      return { folder: '', print: '' };
    }
  }

  /** One reading at a time; who comes meanwhile waits for it. */
  #read(): Promise<Standing> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<Standing> {
    const before = this.#standing;
    const standing = await this.#settled();
    if (before?.digest !== standing.digest) await this.#ports.changed?.(standing);
    this.#standing = standing;
    return standing;
  }

  /** The folder once nobody writes to it any more. */
  async #settled(): Promise<Standing> {
    let seen = this.#look();
    for (let looks = 0; looks < SETTLE_LOOKS; looks++) {
      if (this.#standing) await sleep(SETTLE_MS);
      const standing = await this.#load(seen.print);
      const now = this.#look();
      if (now.print === seen.print && now.folder === seen.folder) return standing;
      seen = now;
    }
    throw new OpsroomError('POLICY_INVALID', { what: 'The policies change without end.', where: seen.folder });
  }

  async #load(print: string): Promise<Standing> {
    const { shipped, named, home } = this.#ports;
    let folder = named ?? home;
    try {
      folder = policyFolder(this.#ports);
      return { ...loadFolder(readSource(folder, readSchema(shipped)), this.#ports), fingerprint: print };
    } catch (error) {
      if (!(error instanceof OpsroomError)) throw error;
      const problem = { file: error.where ?? folder, message: error.message, mend: error.mend };
      return {
        fingerprint: '',
        folder,
        digest: sha256(error.message),
        engine: undefined,
        problems: [problem],
        files: {},
      };
    }
  }

  #view({ folder, digest, engine, problems }: Standing): PoliciesView {
    const policies = [...(engine?.set.policies.values() ?? [])];
    const forms = engine?.set.forms ?? new Map();
    return { folder, shipped: folder === this.#ports.shipped, digest, policies, forms, problems };
  }
}

/** Stands for a set that could not be read at all. */
const NOTHING = sha256('');

/** A set as its files say, ready to be asked where nothing is wrong with it. */
export function loadFolder(source: PolicySource, ports: LoadPorts): Omit<Standing, 'fingerprint'> {
  const cedar = new Cedar();
  const loaded = loadSet(source, cedar, ports);
  const { folder, digest, policies, forms, schema } = source;
  const files = Object.fromEntries([...policies, ...forms, schema].map(({ name, text }) => [name, text]));
  if ('policies' in loaded) return { folder, digest, files, engine: new PolicyEngine(cedar, loaded), problems: [] };
  return { folder, digest, files, engine: undefined, problems: loaded };
}

function refusal(policyDigest: string, reason: string): Decision {
  return { effect: 'deny', policies: [], policyDigest, reason };
}

/** Whoever is refused because of a set reads what is wrong with it in one sentence. */
function refusalOf(policyDigest: string, fault: Unusable): Decision {
  const reason = `${fault.what.replace(/\.$/, '')} (${fault.where}).`;
  return { effect: 'deny', policies: [], policyDigest, reason, unusable: fault };
}

/** What is wrong with a set while a room serves: its first problem. */
export function unusable(folder: string, problems: readonly Problem[]): Unusable {
  const [first] = problems;
  const more = problems.length > 1 ? ` There are ${problems.length - 1} more problems.` : '';
  return {
    what: `Nothing is permitted until the policies are mended: ${first?.message ?? 'they cannot be read.'}${more}`,
    where: placeWords(folder, first),
    mend: `${first?.mend ?? 'Mend them.'} \`opsroom policy check\` says whether they can be used.`,
  };
}

/** The first problem of a set as a refusal. */
export function problemError(folder: string, problems: readonly Problem[]): OpsroomError {
  const [first] = problems;
  const more = problems.length > 1 ? ` ${problems.length - 1} more: see \`opsroom policy check\`.` : '';
  return new OpsroomError('POLICY_INVALID', {
    what: `${first?.message ?? ''}${more}`,
    where: placeWords(folder, first),
    ...(first ? { mend: first.mend } : {}),
  });
}

/** `/srv/ops/policies/people.cedar, line 7, policy "freeze"`. */
function placeWords(folder: string, problem: Problem | undefined): string {
  if (problem === undefined) return folder;
  const file = isAbsolute(problem.file) ? problem.file : join(folder, problem.file);
  const line = problem.line === undefined ? '' : `, line ${problem.line}`;
  return `${file}${line}${problem.policy === undefined ? '' : `, policy "${problem.policy}"`}`;
}
