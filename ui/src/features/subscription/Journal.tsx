import { Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { ObjectKey } from '../../api/types';
import { kubectl } from '../../cluster/kubectl';
import { moment } from '../../format/format';
import { Loaded } from '../../states/Loaded';
import { useJournal } from './useSubscription';
import { DataTable } from '../../table/DataTable';

/** What was asked and decided, and by whom. */
export function Journal({ of, isReadOnly }: { of: ObjectKey; isReadOnly?: boolean }) {
  const journal = useJournal(of);
  return (
    <Loaded
      query={journal}
      isEmpty={({ items }) => !items?.length}
      empty={
        <p className="mr-quiet">
          {isReadOnly ? (
            <>
              The cluster has its history: <code>{kubectl.events(of)}</code> shows what happened of
              late.
            </>
          ) : (
            'Nothing was recorded yet.'
          )}
        </p>
      }
    >
      {({ items }) => (
        <DataTable name="Journal" cardsBelow="md">
          <Thead>
            <Tr>
              <Th modifier="fitContent">Position</Th>
              <Th modifier="fitContent">At</Th>
              <Th>What</Th>
              <Th>Who</Th>
            </Tr>
          </Thead>
          <Tbody>
            {items?.map((entry) => (
              <Tr key={entry.position}>
                <Td dataLabel="Position" className="mr-tabular">
                  {entry.position}
                </Td>
                <Td dataLabel="At" modifier="nowrap" className="mr-tabular">
                  {moment(entry.at)}
                </Td>
                <Td dataLabel="What">{entry.type}</Td>
                <Td dataLabel="Who">{entry.actor}</Td>
              </Tr>
            ))}
          </Tbody>
        </DataTable>
      )}
    </Loaded>
  );
}
