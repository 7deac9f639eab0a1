import type { QueryClient, QueryFilters } from '@tanstack/react-query';

/**
 * Reads again what these filters name. Something that is being read for the first time is read once more after that: it may have
 * been answered before what is told now, and would not be asked for anew by itself.
 */
export function readAgain(client: QueryClient, filters: QueryFilters): void {
  const first = client
    .getQueryCache()
    .findAll({ ...filters, fetchStatus: 'fetching' })
    .filter(({ state }) => state.data === undefined);
  void client.invalidateQueries(filters);
  for (const query of first) {
    const again = () => client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    query.fetch().then(again, () => undefined); // its page tells why it could not be read
  }
}
