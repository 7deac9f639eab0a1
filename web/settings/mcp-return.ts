/** What stands in the address of somebody who comes back from signing in at an MCP server; undefined: nobody does. */
export type Returned =
  | { readonly state: string; readonly code: string; readonly iss?: string }
  | { readonly refused: string };

export function returnedWith(search: string): Returned | undefined {
  const {
    state,
    code,
    iss,
    error,
    error_description: more,
  } = Object.fromEntries(new URLSearchParams(search)) as Partial<Record<string, string>>;
  if (state === undefined) return undefined;
  if (code !== undefined) return { state, code, ...(iss === undefined ? {} : { iss }) };
  return {
    refused:
      [error, more]
        .filter((word) => word !== undefined)
        .join(': ')
        .slice(0, 300) || 'without a reason',
  };
}
