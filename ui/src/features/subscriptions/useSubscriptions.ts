import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, content } from '../../api/client';
import type { Subscription } from '../../api/types';
import { useLive } from '../../live/useLive';
import { after } from './after';

const KEY = ['subscriptions'];

/** All subscriptions, each replaced as the platform tells of it. */
export function useSubscriptions() {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) =>
      content(api.GET('/api/v1/subscriptions', { params: { query: { limit: 500 } }, signal })),
    select: (list) => list.items ?? [],
  });
  const live = useLive('/api/v1/live', (event) =>
    queries.setQueryData<{ items?: Subscription[] }>(KEY, (list) =>
      list ? { ...list, items: after(list.items ?? [], event) } : list,
    ),
  );
  useEffect(() => {
    // What was deleted while nobody listened is not told again.
    if (live === 'Live') void queries.invalidateQueries({ queryKey: KEY });
  }, [live, queries]);
  return { query, live };
}
