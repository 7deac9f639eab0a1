import { entry } from '#kit/entry.js';
import { managerOf } from '../../shell/judge/managers.js';
import type { Decision } from '../blocks/decision.js';
import type { Section } from '../markdown/document.js';
import { roleOf } from '../words/roles.js';
import { type Variant, variantsOf } from './variants.js';
import { type Group, groupOf, type Side } from './way-groups.js';

/** Sections beside each other whose headings name variants of one thing: `macOS` | `Linux`, `Docker` | `From source`. */
export function headingGroups(running: readonly Decision[]): Group[] {
  const found = new Map<Section, Map<string, Map<Section, Side>>>();
  const variants = new Map<Section, readonly Variant[]>();
  const children = new Map<Section, Set<Section>>();
  for (const decision of running) {
    for (let at: Section | undefined = decision.block.section; at?.parent !== undefined; at = at.parent) {
      const known = variants.get(at) ?? variantsOf(at);
      variants.set(at, known);
      entry(children, at.parent, () => new Set<Section>()).add(at);
      for (const { topic, name } of installing(at.parent, known)) {
        const sides = entry(
          entry(found, at.parent, () => new Map<string, Map<Section, Side>>()),
          topic,
          () => new Map<Section, Side>(),
        );
        const side = sides.get(at);
        sides.set(at, { name, members: [...(side?.members ?? []), decision] });
      }
    }
  }
  return [...found].flatMap(([parent, topics]) =>
    [...merged(topics)].flatMap(([topic, sides]) =>
      areSame(sides) || areObjects(sides, children.get(parent)) ? [] : groupOf([...sides.values()], topic),
    ),
  );
}

const INSTALLED = /^\W*(?:\d+[.)]\s*)?(?:install(?:ing)?\s+[\w.+-]+|[\w.+-]+\s+install(?:ation)?)\W*$/i;
/** What is installed under the names that may be those of a way. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  docker: /^(?:docker|containerd)/,
  podman: /^podman/,
  helm: /^helm/,
  kubernetes: /^(?:kube|k3s|k8s|minikube)/,
};

/**
 * "Docker Installation" and "Kubernetes Installation", each of which installs just that, with "Java Installation" beside them: each is
 * there to be installed.
 */
function areObjects(sides: ReadonlyMap<Section, Side>, beside: ReadonlySet<Section> | undefined): boolean {
  if (![...sides].every(([{ heading }, side]) => INSTALLED.test(heading) && installsItself(side))) return false;
  return [...(beside ?? [])].some((section) => !sides.has(section) && INSTALLED.test(section.heading));
}

function installsItself({ name, members }: Side): boolean {
  const packages = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
  const installed = members.flatMap(({ facts }) =>
    (facts?.commands ?? []).flatMap((one) => managerOf(one)?.packages ?? []),
  );
  const fetched = members.some(({ facts }) =>
    (facts?.commands ?? []).some(
      ({ program, args }) => /^(?:curl|wget)$/.test(program) && args.some((word) => word.includes(name)),
    ),
  );
  return packages !== undefined && (fetched || installed.some((one) => packages.test(one)));
}

/** "2. Install Docker" and "5. Start with Docker" name one thing, not two ways. */
function areSame(sides: ReadonlyMap<Section, Side>): boolean {
  return new Set([...sides.values()].map(({ name }) => name)).size === 1;
}

type Topics = ReadonlyMap<string, ReadonlyMap<Section, Side>>;

/** Three or more sections side by side that name a system, a manager, a method: ways to do one thing, whatever each is told by. */
function merged(topics: Topics): Topics {
  const sections = new Map([...topics.values()].flatMap((sides) => [...sides]));
  return topics.size > 1 && sections.size > 2 && !topics.has('way') ? new Map([['method', sections]]) : topics;
}

/** Below "Installation", ways are told by anything: "Homebrew" beside "Debian" beside "From source". */
function installing(parent: Section, variants: readonly Variant[]): readonly Variant[] {
  const [first] = variants;
  return first !== undefined && roleOf(parent.heading) === 'install' ? [{ ...first, topic: 'installation' }] : variants;
}
