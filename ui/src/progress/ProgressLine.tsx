import type { SubscriptionStatus } from '../api/types';
import { standing } from './progress';

/** The bar of a preload with its percentage and time left; once live, only the words. */
export function ProgressLine({ name, status }: { name: string; status?: SubscriptionStatus }) {
  const progress = status?.progress;
  const words = standing(status);
  const shown = status?.phase === 'Live' ? 100 : (progress?.percent ?? 0);
  return (
    <div className="mr-progress">
      <progress max={100} value={shown} aria-label={`Progress of ${name}`} aria-valuetext={words} />
      <span className="mr-progress-words">{words}</span>
    </div>
  );
}
