import { useQuery } from '@tanstack/react-query';
import { infoQuery } from '../api/queries';
import { ProblemAlert } from '../states/ProblemAlert';

/** Why what would change something is not enabled, when nobody says whether it may be. */
export function InfoProblem() {
  const { data, error, refetch } = useQuery(infoQuery);
  return error && !data ? <ProblemAlert error={error} retry={() => void refetch()} /> : null;
}
