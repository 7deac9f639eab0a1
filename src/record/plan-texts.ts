import { canonicalJson } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';

interface PlanText {
  readonly body: JsonObject;
  /** Its canonical JSON. */
  readonly text: string;
}

/** Plans of 200 kB, as of a thousand steps, take 10 MB here and twice that as objects. */
const MOST = 50;

/** Plans that were sealed lately: the same ones are run again and again, and never change. */
export class PlanTexts {
  private readonly known = new Map<string, Promise<PlanText>>();

  /** @param key of the plan: its organisation and digest */
  get(key: string, read: () => Promise<JsonObject>): Promise<PlanText> {
    const known = this.known.get(key);
    if (known) return known;
    const [oldest] = this.known.keys();
    if (this.known.size >= MOST && oldest !== undefined) this.known.delete(oldest);
    const found = read().then((body) => ({ body, text: canonicalJson(body) }));
    this.known.set(key, found);
    found.catch(() => this.known.delete(key));
    return found;
  }
}
