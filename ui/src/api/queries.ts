import { queryOptions } from '@tanstack/react-query';
import { api, content } from './client';
import type { ObjectKey } from './types';

// What more than one feature reads. What only one reads is asked for there.

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
