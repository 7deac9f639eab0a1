/** What a server wants of a person in the middle of a call. */
export interface Elicited {
  readonly message: string;
  /** Names of what it asks for; of a page that is to be opened, its address. */
  readonly wants: readonly string[];
}

const MOST_WANTS = 20;

/** From the parameters of `elicitation/create`, as either version of the protocol has them. */
export function elicitationOf(params: unknown): Elicited {
  const { message, requestedSchema, url } = (params ?? {}) as Readonly<Record<string, unknown>>;
  const properties = (requestedSchema as { properties?: unknown } | undefined)?.properties;
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  const wants = typeof url === 'string' ? [url] : names;
  return {
    message: typeof message === 'string' ? message.slice(0, 1000) : '',
    wants: wants.slice(0, MOST_WANTS).map((want) => want.slice(0, 300)),
  };
}
