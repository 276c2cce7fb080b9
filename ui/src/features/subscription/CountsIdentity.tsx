import type { Counts } from '../../api/types';
import { count } from '../../format/format';

const PARTS = [
  { name: 'applied', of: (c: Counts) => c.applied },
  { name: 'filtered', of: (c: Counts) => c.filtered },
  { name: 'dead-lettered', of: (c: Counts) => c.deadLettered },
  { name: 'skipped', of: (c: Counts) => c.skipped },
];

/** read = applied + filtered + dead-lettered + skipped: where each event went. */
export function CountsIdentity({ counts }: { counts?: Counts }) {
  if (!counts) return <p className="mr-quiet">Nothing was read yet.</p>;
  const sum = PARTS.reduce((total, part) => total + part.of(counts), 0);
  return (
    <>
      <dl className="mr-identity">
        <div>
          <dt>read</dt>
          <dd>{count(counts.read)}</dd>
        </div>
        {PARTS.map((part, index) => (
          <div key={part.name} data-sign={index === 0 ? '=' : '+'}>
            <dt>{part.name}</dt>
            <dd
              className={part.name === 'dead-lettered' && counts.deadLettered > 0 ? 'mr-bad' : ''}
            >
              {count(part.of(counts))}
            </dd>
          </div>
        ))}
      </dl>
      {sum !== counts.read && (
        <p className="mr-bad">
          The sum is {count(sum)}: events are unaccounted for. Please report this.
        </p>
      )}
    </>
  );
}
