import { EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { DeadLetter, ObjectKey } from '../../api/types';
import { CodeLink } from '../../conditions/CodeLink';
import { inline, moment } from '../../format/format';
import { Loaded } from '../../states/Loaded';
import { LetterActions } from './LetterActions';
import { useDeadLetters } from './useSubscription';
import { DataTable } from '../../table/DataTable';

export function DeadLetters({ of, isReadOnly }: { of: ObjectKey; isReadOnly?: boolean }) {
  const letters = useDeadLetters(of);
  return (
    <Loaded
      query={letters}
      isEmpty={({ items }) => !items?.length}
      empty={
        <EmptyState titleText="No dead letters" headingLevel="h2" variant="xs" status="success">
          <EmptyStateBody>
            Every event that was read could be applied or was filtered.
          </EmptyStateBody>
        </EmptyState>
      }
    >
      {({ items }) => (
        <>
          {isReadOnly && (
            <p className="mr-quiet mr-note">
              Here they are only shown. A rebuild reads their events again, by the definition of
              then.
            </p>
          )}
          <DataTable name="Dead letters" cardsBelow="lg">
            <Thead>
              <Tr>
                <Th modifier="nowrap">Partition:offset</Th>
                <Th>Code</Th>
                <Th>Field</Th>
                <Th>Message</Th>
                <Th>Excerpt</Th>
                <Th>At</Th>
                {!isReadOnly && <Th screenReaderText="Actions" />}
              </Tr>
            </Thead>
            <Tbody>
              {(items as DeadLetter[]).map((letter) => (
                <Tr key={`${letter.partition}:${letter.offset}`}>
                  <Td dataLabel="Partition:offset" modifier="nowrap" className="mr-tabular">
                    {letter.partition}:{letter.offset}
                  </Td>
                  <Td dataLabel="Code">
                    <CodeLink code={letter.code} />
                  </Td>
                  <Td dataLabel="Field">
                    <code>{letter.field}</code>
                  </Td>
                  <Td dataLabel="Message">{letter.message}</Td>
                  <Td dataLabel="Excerpt" modifier="breakWord">
                    <code>{inline(letter.excerpt)}</code>
                  </Td>
                  <Td dataLabel="At" modifier="nowrap" className="mr-tabular">
                    {moment(letter.at)}
                  </Td>
                  {!isReadOnly && (
                    <Td dataLabel="Actions" modifier="nowrap">
                      <LetterActions letter={letter} of={of} />
                    </Td>
                  )}
                </Tr>
              ))}
            </Tbody>
          </DataTable>
        </>
      )}
    </Loaded>
  );
}
