import { EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { useState } from 'react';
import type { ObjectKey } from '../../api/types';
import { counted, inline } from '../../format/format';
import { Loaded } from '../../states/Loaded';
import { columnsOf, freshIn, isNumeric, type Row, seenRows } from './rows';
import { useRows } from './useSubscription';

/** The store's rows as they arrive; those not seen in the answer before are marked for a moment. */
export function Rows({ of, engine }: { of: ObjectKey; engine?: string }) {
  const rows = useRows(of);
  return (
    <Loaded
      query={rows}
      lines={12}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <EmptyState titleText="The store has no rows yet" headingLevel="h2" variant="xs">
          <EmptyStateBody>
            They appear here as they are written. If the history is loaded and none came, no event
            passed the filter.
          </EmptyStateBody>
        </EmptyState>
      }
    >
      {({ items }) => <RowTable rows={items} isOrdered={engine === 'Postgres'} />}
    </Loaded>
  );
}

function RowTable({ rows, isOrdered }: { rows: Row[]; isOrdered: boolean }) {
  const [shown, setShown] = useState(() => ({
    rows,
    seen: seenRows(rows),
    fresh: new Set<string>(),
  }));
  if (shown.rows !== rows) {
    const seen = seenRows(rows);
    setShown({ rows, seen, fresh: freshIn(seen, shown.seen) });
  }
  const columns = columnsOf(rows).map((name) => ({
    name,
    look: isNumeric(rows, name) ? 'mr-number' : undefined,
  }));
  return (
    <>
      <p className="mr-quiet mr-note">
        {counted(rows.length, 'row')},{' '}
        {isOrdered ? 'the last written first in tables up to 32 MB' : 'in no order'}; read from the
        store every second.
      </p>
      <div className="mr-scroll" role="region" aria-label="Rows, scrollable" tabIndex={0}>
        <table aria-label="Rows" className="mr-rows">
          <thead>
            <tr>
              {columns.map(({ name, look }) => (
                <th key={name} scope="col" className={look}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.seen.map(({ id, row }) => (
              <tr key={id} className={shown.fresh.has(id) ? 'mr-fresh' : undefined}>
                {columns.map(({ name, look }) => (
                  <td key={name} className={look}>
                    {row[name] === null ? <em className="mr-quiet">null</em> : inline(row[name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
