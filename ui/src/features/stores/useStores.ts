import { useQuery } from '@tanstack/react-query';
import { storeClassesQuery, storesQuery } from '../../api/queries';

export function useStoreClasses() {
  return useQuery(storeClassesQuery);
}

export function useStores() {
  return useQuery({ ...storesQuery, refetchInterval: 5_000 });
}
