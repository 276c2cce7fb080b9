import { Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { Condition, ObjectKey, PartitionReport, Rebuild, Subscription } from '../../api/types';
import { CodeLink } from '../../conditions/CodeLink';
import { count, lag, moment } from '../../format/format';
import { ProgressLine } from '../../progress/ProgressLine';
import { Section } from '../../shell/Section';
import { CountsIdentity } from './CountsIdentity';
import { Explained } from './Explained';
import { DataTable } from '../../table/DataTable';

/** Where the subscription stands: progress, counts, conditions, partitions. */
export function Overview({ subscription, of }: { subscription: Subscription; of: ObjectKey }) {
  const { status } = subscription;
  return (
    <>
      <div className="mr-columns">
        <Section title="Progress">
          <ProgressLine name={of.name} status={status} />
          <Rates subscription={subscription} />
        </Section>
        <Section title="Counts">
          <CountsIdentity counts={status?.progress?.counts} />
        </Section>
      </div>
      {isProvisioned(status?.conditions) && (
        <Section title="What limits it">
          <Explained of={of} />
        </Section>
      )}
      {status?.rebuild && (
        <Section title="Rebuild">
          <RebuildProgress rebuild={status.rebuild} />
        </Section>
      )}
      <Section title="Conditions">
        <Conditions conditions={status?.conditions ?? []} />
      </Section>
      <Section title="Partitions">
        <Partitions reports={status?.partitions ?? []} />
      </Section>
    </>
  );
}

function isProvisioned(conditions: Condition[] = []): boolean {
  return conditions.some(({ type, status }) => type === 'Provisioned' && status === 'True');
}

function Rates({ subscription }: { subscription: Subscription }) {
  const progress = subscription.status?.progress;
  if (!progress) return <p className="mr-quiet">A worker has not reported yet.</p>;
  return (
    <dl className="mr-figures">
      <div>
        <dt>Rate</dt>
        <dd>{count(progress.eventsPerSecond)} events/s</dd>
      </div>
      <div>
        <dt>Lag</dt>
        <dd>{lag(progress.lagEvents ?? 0, progress.lagSeconds ?? 0)}</dd>
      </div>
    </dl>
  );
}

/** What is being built beside that which is there. */
function RebuildProgress({ rebuild }: { rebuild: Rebuild }) {
  const words = `${rebuild.phase} definition ${rebuild.definition}, ${rebuild.percent} %`;
  return (
    <>
      <div className="mr-progress">
        <progress
          max={100}
          value={rebuild.percent}
          aria-label="Progress of the rebuild"
          aria-valuetext={words}
        />
        <span className="mr-progress-words">{words}</span>
      </div>
      {rebuild.reason && (
        <p>
          <CodeLink code={rebuild.reason} /> {rebuild.message}
        </p>
      )}
    </>
  );
}

function Conditions({ conditions }: { conditions: Condition[] }) {
  if (conditions.length === 0) return <p className="mr-quiet">Nothing was reported yet.</p>;
  return (
    <DataTable name="Conditions" cardsBelow="md">
      <Thead>
        <Tr>
          <Th modifier="fitContent">Condition</Th>
          <Th modifier="fitContent">Status</Th>
          <Th modifier="fitContent">Reason</Th>
          <Th>Message</Th>
          <Th modifier="fitContent">Since</Th>
        </Tr>
      </Thead>
      <Tbody>
        {conditions.map((condition) => (
          <Tr key={condition.type}>
            <Td dataLabel="Condition">{condition.type}</Td>
            <Td dataLabel="Status">
              <span className={`mr-truth mr-truth-${goodness(condition)}`}>{condition.status}</span>
            </Td>
            <Td dataLabel="Reason">
              <CodeLink code={condition.reason} />
            </Td>
            <Td dataLabel="Message">{condition.message}</Td>
            <Td dataLabel="Since" modifier="nowrap" className="mr-tabular">
              {moment(condition.lastTransitionTime)}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </DataTable>
  );
}

/** Degraded is the one condition that is good when it is False. */
function goodness({ type, status }: Condition): 'good' | 'waiting' | 'bad' {
  if (type === 'Degraded') return status === 'True' ? 'bad' : 'good';
  return status === 'True' ? 'good' : 'waiting';
}

function Partitions({ reports }: { reports: PartitionReport[] }) {
  if (reports.length === 0) return <p className="mr-quiet">No worker has taken a partition yet.</p>;
  return (
    <DataTable name="Partitions" cardsBelow="lg">
      <Thead>
        <Tr>
          <Th>Partition</Th>
          <Th>Phase</Th>
          <Th className="mr-number">Position</Th>
          <Th className="mr-number">Log end</Th>
          <Th className="mr-number">Behind</Th>
          <Th className="mr-number">Applied</Th>
          <Th className="mr-number">Filtered</Th>
          <Th className="mr-number">Dead</Th>
          <Th>Last event</Th>
          <Th>Worker</Th>
        </Tr>
      </Thead>
      <Tbody>
        {reports
          .toSorted((one, other) => one.partition - other.partition)
          .map((report) => (
            <Partition key={report.partition} report={report} />
          ))}
      </Tbody>
    </DataTable>
  );
}

function Partition({ report }: { report: PartitionReport }) {
  return (
    <Tr>
      <Td dataLabel="Partition">{report.partition}</Td>
      <Td dataLabel="Phase">
        {report.phase}
        {report.reason && (
          <>
            {' '}
            <CodeLink code={report.reason} /> <span className="mr-quiet">{report.message}</span>
          </>
        )}
      </Td>
      <Td dataLabel="Position" className="mr-number">
        {count(report.position)}
      </Td>
      <Td dataLabel="Log end" className="mr-number">
        {count(report.endOffset)}
      </Td>
      <Td dataLabel="Behind" className="mr-number">
        {count(Math.max(0, report.endOffset - report.position))}
      </Td>
      <Td dataLabel="Applied" className="mr-number">
        {count(report.counts.applied)}
      </Td>
      <Td dataLabel="Filtered" className="mr-number">
        {count(report.counts.filtered)}
      </Td>
      <Td dataLabel="Dead" className="mr-number">
        {count(report.counts.deadLettered)}
      </Td>
      <Td dataLabel="Last event" modifier="nowrap" className="mr-tabular">
        {moment(report.lastEventTime)}
      </Td>
      <Td dataLabel="Worker">
        <code>{report.worker}</code>
      </Td>
    </Tr>
  );
}
