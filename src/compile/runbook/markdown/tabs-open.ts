import type { CodeBlock } from './document.js';

interface Open {
  readonly kind: string;
  readonly group: string;
  readonly label: string;
  readonly intro: string;
}

/** The containers that are open. Tabs of one group, and `<details>` that follow each other directly, are alternatives. */
export class OpenContainers {
  readonly #open: Open[] = [];
  /** The container that closed right before the one that opens now. */
  #sibling: Open | undefined;

  /** Code right inside a group of code tabs; its own label tells it apart. */
  get holdsLabelledCode(): boolean {
    return this.#open.at(-1)?.kind === 'group';
  }

  /** Returns the text that introduces what is inside: for tabs the one before the first of them. */
  enter(kind: string, label: string, { line, intro }: { line: number; intro: string }): string {
    const parent = this.#open.at(-1);
    const group = kind === 'tab' && parent?.kind === 'group' ? parent.group : undefined;
    const alike = this.#sibling?.kind === kind ? this.#sibling : undefined;
    const open = { kind, label, group: group ?? alike?.group ?? `tabs-${line}`, intro: alike?.intro ?? intro };
    this.#sibling = undefined;
    this.#open.push(open);
    return open.intro;
  }

  /** @param next kind of the container that follows directly */
  leave(next: string | undefined): void {
    const left = this.#open.pop();
    this.#sibling = left !== undefined && left.kind === next && left.kind !== 'group' ? left : undefined;
  }

  /** @param label of the code itself, for a group without tabs */
  tab(label: string): CodeBlock['tab'] {
    const holder = this.#open.findLast(({ kind }) => kind !== 'plain');
    if (holder === undefined) return undefined;
    return { group: holder.group, label: holder.kind === 'group' ? label : holder.label };
  }
}
