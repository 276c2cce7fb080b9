import { EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { useState } from 'react';
import type { ObjectKey } from '../../api/types';
import { counted, inline } from '../../format/format';
import { Loaded } from '../../states/Loaded';
import { columnsOf, freshIn, type Row } from './rows';
import { useRows } from './useSubscription';

/** The store's rows as they arrive; those not seen in the answer before are marked for a moment. */
export function Rows({ of }: { of: ObjectKey }) {
  const rows = useRows(of);
  return (
    <Loaded
      query={rows}
      lines={12}
      isEmpty={({ items }) => !items?.length}
      empty={
        <EmptyState titleText="The store has no rows yet" headingLevel="h2" variant="xs">
          <EmptyStateBody>
            They appear here as they are written. If the history is loaded and none came, no event
            passed the filter.
          </EmptyStateBody>
        </EmptyState>
      }
    >
      {({ items }) => <RowTable rows={items as Row[]} />}
    </Loaded>
  );
}

function RowTable({ rows }: { rows: Row[] }) {
  const [seen, setSeen] = useState({ rows, fresh: new Set<string>() });
  if (seen.rows !== rows) setSeen({ rows, fresh: freshIn(rows, seen.rows) });
  const columns = columnsOf(rows);
  return (
    <>
      <p className="mr-quiet mr-note">
        {counted(rows.length, 'row')}, newest first where the engine knows; read from the store
        every second.
      </p>
      <div className="mr-scroll" role="region" aria-label="Rows, scrollable" tabIndex={0}>
        <table aria-label="Rows" className="mr-rows">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const id = JSON.stringify(row);
              return (
                <tr key={id} className={seen.fresh.has(id) ? 'mr-fresh' : undefined}>
                  {columns.map((column) => (
                    <td key={column} className={typeof row[column] === 'number' ? 'mr-number' : ''}>
                      {row[column] === null ? (
                        <em className="mr-quiet">null</em>
                      ) : (
                        inline(row[column])
                      )}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
