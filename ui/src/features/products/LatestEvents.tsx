import { EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { ObjectKey, ProductEvent } from '../../api/types';
import { moment } from '../../format/format';
import { Section } from '../../shell/Section';
import { Loaded } from '../../states/Loaded';
import { useLatestEvents } from './useProducts';

export function LatestEvents({ of }: { of: ObjectKey }) {
  const events = useLatestEvents(of);
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
              Publish with any Kafka client, or as CloudEvents to{' '}
              <code>{`/api/v1/tenants/${of.tenant}/products/${of.name}/events`}</code>.
            </EmptyStateBody>
          </EmptyState>
        }
      >
        {({ items }) => (
          <Table aria-label="Latest events" variant="compact" gridBreakPoint="grid-md">
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
          </Table>
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
        {event.value === null || event.value === undefined ? (
          <em className="mr-quiet">deleted</em>
        ) : (
          <details className="mr-json">
            <summary>
              <code>{JSON.stringify(event.value)}</code>
            </summary>
            <pre>{JSON.stringify(event.value, null, 2)}</pre>
          </details>
        )}
      </Td>
    </Tr>
  );
}
