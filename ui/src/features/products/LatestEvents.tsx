import { EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { ObjectKey, ProductEvent } from '../../api/types';
import { useReadOnly } from '../../cluster/useReadOnly';
import { moment } from '../../format/format';
import { JsonLine } from '../../schema/JsonLine';
import { Section } from '../../shell/Section';
import { Loaded } from '../../states/Loaded';
import { useLatestEvents } from './useProducts';
import { DataTable } from '../../table/DataTable';

export function LatestEvents({ of }: { of: ObjectKey }) {
  const events = useLatestEvents(of);
  const isReadOnly = useReadOnly();
  return (
    <Section
      title="Latest events"
      beside={<span className="mr-quiet">newest first, every 2 seconds</span>}
    >
      <Loaded
        query={events}
        isEmpty={({ items }) => !items?.length}
        empty={
          <EmptyState titleText="No events yet" headingLevel="h3" variant="xs">
            <EmptyStateBody>
              {isReadOnly ? (
                'Publish with any Kafka client.'
              ) : (
                <>
                  Publish with any Kafka client, or as CloudEvents to{' '}
                  <code>{`/api/v1/tenants/${of.tenant}/products/${of.name}/events`}</code>.
                </>
              )}
            </EmptyStateBody>
          </EmptyState>
        }
      >
        {({ items }) => (
          <DataTable name="Latest events" cardsBelow="md">
            <Thead>
              <Tr>
                <Th modifier="fitContent">Time</Th>
                <Th modifier="fitContent">Partition:offset</Th>
                <Th modifier="fitContent">Key</Th>
                <Th>Event</Th>
              </Tr>
            </Thead>
            <Tbody>
              {items?.map((event) => (
                <EventRow key={`${event.partition}:${event.offset}`} event={event} />
              ))}
            </Tbody>
          </DataTable>
        )}
      </Loaded>
    </Section>
  );
}

function EventRow({ event }: { event: ProductEvent }) {
  return (
    <Tr>
      <Td dataLabel="Time" modifier="nowrap" className="mr-tabular">
        {moment(event.time)}
      </Td>
      <Td dataLabel="Partition:offset" modifier="nowrap" className="mr-tabular">
        {event.partition}:{event.offset}
      </Td>
      <Td dataLabel="Key" modifier="nowrap">
        <code>{event.key}</code>
      </Td>
      <Td dataLabel="Event" className="mr-wide-cell">
        <Content event={event} />
      </Td>
    </Tr>
  );
}

function Content({ event: { value, error } }: { event: ProductEvent }) {
  if (value === null || value === undefined) return <em className="mr-quiet">deleted</em>;
  return (
    <>
      {error && <span className="mr-bad">{error} </span>}
      <JsonLine value={value} />
    </>
  );
}
