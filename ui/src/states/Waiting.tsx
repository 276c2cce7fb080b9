import { Skeleton } from '@patternfly/react-core';

const WIDTHS = ['92%', '78%', '86%', '64%', '81%'];

/** A skeleton of as many lines as will come, announced once. */
export function Waiting({ lines }: { lines: number }) {
  return (
    <div role="status" className="mr-waiting">
      <span className="pf-v6-screen-reader">Loading…</span>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} width={WIDTHS[line % WIDTHS.length]} aria-hidden="true" />
      ))}
    </div>
  );
}
