import { queryOptions } from '@tanstack/react-query';
import { api, content } from './client';
import type { ObjectKey } from './types';

// What more than one feature reads. What only one reads is asked for there.

/** What this platform is. It stays so, and is asked until it has been said once. */
export const infoQuery = queryOptions({
  queryKey: ['info'],
  queryFn: ({ signal }) => content(api.GET('/api/v1/info', { signal })),
  staleTime: 60_000,
  gcTime: Infinity,
  refetchInterval: ({ state }) => (state.data ? false : 5_000),
});

export const productQuery = ({ tenant, name }: ObjectKey) =>
  queryOptions({
    queryKey: ['product', tenant, name],
    queryFn: ({ signal }) =>
      content(
        api.GET('/api/v1/tenants/{tenant}/products/{product}', {
          params: { path: { tenant, product: name } },
          signal,
        }),
      ),
  });

export const storeClassesQuery = queryOptions({
  queryKey: ['storeclasses'],
  queryFn: ({ signal }) => content(api.GET('/api/v1/storeclasses', { signal })),
});

export const storesQuery = queryOptions({
  queryKey: ['stores'],
  queryFn: ({ signal }) =>
    content(api.GET('/api/v1/stores', { params: { query: { limit: 500 } }, signal })),
});
