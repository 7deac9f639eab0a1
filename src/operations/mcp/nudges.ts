/** A server that says a thousand times a second that its tools have changed is heard once in so long. */
const HEARD_EVERY_MS = 1000;

/** Passes on that servers have changed: at once, and what comes within the second after it together at that second's end. */
export class Nudges {
  /** By server: whether it has said so again. */
  private readonly heard = new Map<string, boolean>();

  constructor(private readonly pass: (org: string, server: string) => void) {}

  tell(org: string, server: string): void {
    const place = `${org} ${server}`;
    if (this.heard.has(place)) return void this.heard.set(place, true);
    this.heard.set(place, false);
    this.pass(org, server);
    setTimeout(() => {
      const again = this.heard.get(place) === true;
      this.heard.delete(place);
      if (again) this.tell(org, server);
    }, HEARD_EVERY_MS).unref();
  }
}
