import type { SubscriptionStatus } from '../api/types';
import { duration, percent } from '../format/format';

/** One line about where a subscription stands, for people. */
export function standing(status: SubscriptionStatus | undefined): string {
  const progress = status?.progress;
  switch (status?.phase) {
    case 'Preloading':
      if (!progress) return 'beginning to load';
      return progress.etaSeconds === undefined || progress.etaSeconds === null
        ? percent(progress.percent)
        : `${percent(progress.percent)}, ${duration(progress.etaSeconds)} left`;
    case 'Live':
      return 'history loaded';
    case 'Finished':
      return 'complete';
    case 'Pending':
      return 'the store is being made';
    case 'Deleting':
      return 'being removed';
    default:
      return progress ? percent(progress.percent) : '';
  }
}
