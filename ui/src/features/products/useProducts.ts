import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, content } from '../../api/client';
import { productQuery } from '../../api/queries';
import type { ObjectKey } from '../../api/types';

/** Products that have all words in name, description or tags. */
export function useProducts(words: string) {
  return useInfiniteQuery({
    queryKey: ['products', words],
    queryFn: ({ pageParam, signal }) =>
      content(
        api.GET('/api/v1/products', {
          params: { query: { limit: 50, cursor: pageParam, q: words || undefined } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The product, its number of events kept fresh. */
export function useProduct(key: ObjectKey) {
  return useQuery({ ...productQuery(key), refetchInterval: 5_000 });
}

/** The latest events, asked for again while the page is seen. */
export function useLatestEvents({ tenant, name }: ObjectKey) {
  return useQuery({
    queryKey: ['events', tenant, name],
    queryFn: ({ signal }) =>
      content(
        api.GET('/api/v1/tenants/{tenant}/products/{product}/events', {
          params: { path: { tenant, product: name } },
          signal,
        }),
      ),
    refetchInterval: 2_000,
  });
}
