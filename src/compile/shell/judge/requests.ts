import { STRONG, WEAK } from './destructive/words.js';

/** Options of `curl` and `wget` whose value is no address. */
const VALUED =
  /^(?:-[A-Za-z]*[HAueboUwXmrxEKdFT]|--(?:data(?:-raw|-binary|-urlencode)?|json|form|upload-file|header|user-agent|user|referer|cookie|cookie-jar|output|write-out|request|max-time|connect-timeout|range|proxy|cert|key|cacert|config|method|retry|retry-delay|resolve))$/;

/** What an address does, when one of its words says so. Words within longer ones are others: `deleted`, `undelete`. */
const DOES = new RegExp(
  `^(?:${STRONG}|${WEAK}|unload|restart|shutdown|reload|flush|clear|send|reboot|terminate)$`,
  'i',
);
/** What a word that ends an address does; elsewhere in one it may be a name, or a time: `?start=0`. */
const DOES_AT_END =
  /^(?:reindex|rebuild|sync|trigger|start|stop|enable|disable|promote|failover|rotate|migrate|invalidate|run|execute)$/i;
const DESTROYING = `${STRONG}|delete|unload`;
const DESTROYS = new RegExp(`^(?:${DESTROYING})$`, 'i');
const DESTROYS_FIRST = new RegExp(`^(?:${DESTROYING})`, 'i');

const ACTION = /^(?:action|cmd|command|op)$/i;
/** What is to be run, unless it is the number of something that was. */
const STARTS = /^(?:run|do|task|trigger)$/i;
/** Values of it that only look. */
const LOOKS =
  /^(?:get|show|describe|read|view|search|query|find|info|check|health|ping|count|test|export)|list|status|stats/i;
/** What is listed by the action that was noted: `/audits?action=rollback`. */
const LISTS = /^(?:audits?|logs?|events?|history|activit(?:y|ies))$/i;
/** SQL and its kin that changes something, as a whole query. */
const CHANGES = /^\s*(?:insert|update|alter|create|grant|revoke|kill|optimize|system|set)\s/i;
/** Files, whose names do nothing. */
const FILE =
  /\.(?:tgz|gz|xz|bz2|zst|tar|zip|sh|deb|rpm|apk|whl|exe|msi|dmg|jar|html?|json|ya?ml|toml|txt|md|sql|js|css|pem|asc)$/i;

/** They are fetched, whatever the folders that they lie in are called. */
const DOWNLOADS = /\.(?:tgz|gz|xz|bz2|zst|tar|zip|deb|rpm|apk|whl|exe|msi|dmg|jar|asc)$/i;
/** What is searched for does nothing, unless it is a statement. */
const SEARCHES = /^(?:q|query|search|term|text)$/i;

/** Whether a request changes something though it only gets: `…?action=restart`, `…/sendMessage?…`, `…?query=DROP+TABLE+x`. */
export function getChanges(args: readonly string[]): boolean {
  return addressesIn(args).some(
    ({ path, query }) =>
      path.some((words) => words.some((word) => DOES.test(word))) ||
      DOES_AT_END.test(path.findLast((words) => words.join('') !== '')?.[0] ?? '') ||
      query.some(
        ({ key, value }) => changes(path, key, value) || [key, ...wordsOf(value)].some((word) => DOES.test(word)),
      ),
  );
}

/** The word by which an address removes something, whatever the method: `…?action=DELETE`, `…/chat.delete`. */
export function removingWord(args: readonly string[]): string | undefined {
  const words = addressesIn(args).flatMap(({ path, query }) => [
    ...path.flatMap((segment) =>
      segment
        .filter((word) => word !== '')
        .slice(0, 1)
        .concat(segment.slice(-1)),
    ),
    ...query.flatMap(({ key, value }) =>
      SEARCHES.test(key)
        ? [verbOf(value.trimStart())]
        : [key, ...(ACTION.test(key) ? [verbOf(value)] : []), ...wordsOf(value)],
    ),
  ]);
  return words.find((word) => DESTROYS.test(word));
}

function changes(path: Address['path'], key: string, value: string): boolean {
  if (STARTS.test(key)) return !(/^[\d-]*$/.test(value) || LOOKS.test(value));
  return ACTION.test(key) && !LISTS.test(path.at(-1)?.at(-1) ?? '') ? !LOOKS.test(value) : CHANGES.test(value);
}

interface Address {
  /** The words of each part of the path. */
  readonly path: readonly (readonly string[])[];
  readonly query: readonly { readonly key: string; readonly value: string }[];
}

/** Every word that may be an address; what `-G` adds to it, and a query that is sent, too. */
function addressesIn(args: readonly string[]): readonly Address[] {
  return args.flatMap((word, at) => {
    const before = args[at - 1] ?? '';
    if (isAdded(word, before, args)) return [addressOf(`?${word}`)];
    return word.startsWith('-') || VALUED.test(before) ? [] : [addressOf(word)];
  });
}

function isAdded(word: string, before: string, args: readonly string[]): boolean {
  const data = /^(?:-d|--data(?:-urlencode)?)$/.test(before);
  return data && (args.includes('-G') || args.includes('--get') || /^["']?(?:q|query|action)=/.test(word));
}

function addressOf(word: string): Address {
  const [place = '', ...rest] = word.replace(/^["']|["']$/g, '').split('?');
  const [, ...path] = place.replace(/^\w+:\/\//, '').split('/');
  return {
    path: (DOWNLOADS.test(path.at(-1) ?? '') ? [] : path.filter((part) => !FILE.test(part))).map((part) =>
      decoded(part).split(/[-_.:]|(?<=[a-z])(?=[A-Z])/),
    ),
    query: rest
      .join('?')
      .split('&')
      .map((pair) => {
        const [key = '', ...value] = pair.split('=');
        return { key, value: decoded(value.join('=').replaceAll('+', ' ')) };
      }),
  };
}

/** `DELETESHARD`, `deleteIndex` */
function verbOf(value: string): string {
  return DESTROYS_FIRST.exec(value)?.[0] ?? '';
}

function wordsOf(value: string): readonly string[] {
  return value.split(/[^\w.-]+/);
}

function decoded(text: string): string {
  return text.replace(/%([2-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
