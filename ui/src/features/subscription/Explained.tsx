import type { Explanation, Measurement, ObjectKey } from '../../api/types';
import { CodeLink } from '../../conditions/CodeLink';
import { count, counted } from '../../format/format';
import { Loaded } from '../../states/Loaded';
import { useExplanation } from './useSubscription';

/** What limits the pipeline now, where its time goes, and what is done with each event. */
export function Explained({ of }: { of: ObjectKey }) {
  const explanation = useExplanation(of);
  return (
    <Loaded query={explanation} lines={4}>
      {(found) => <Content explanation={found} />}
    </Loaded>
  );
}

function Content({ explanation }: { explanation: Explanation }) {
  return (
    <>
      <p>{explanation.sentence}</p>
      {explanation.measured.map((measured) => (
        <Measured key={measured.worker} measured={measured} />
      ))}
      {explanation.unmeasured
        .filter((gap) => explanation.measured.length > 0 || gap.code)
        .map((gap) => (
          <p key={gap.partitions.join()} className="mr-quiet mr-note">
            Not measured: partitions {gap.partitions.join(', ')}.{' '}
            {gap.code && <CodeLink code={gap.code} />} {gap.message}
          </p>
        ))}
      <Plan explanation={explanation} />
    </>
  );
}

const SHARES: [string, (of: Measurement['time']) => number][] = [
  ['Store', (time) => time.store],
  ['Encoding', (time) => time.encoding],
  ['Filtering', (time) => time.filtering],
  ['Reading', (time) => time.reading],
  ['Its turn', (time) => time.turn],
  ['New events', (time) => time.idle],
];

function Measured({ measured }: { measured: Measurement }) {
  const { eventsInBatch: events, partitions } = measured;
  return (
    <div role="group" aria-label={`Time of ${measured.worker}`}>
      <dl className="mr-figures">
        {SHARES.map(([name, of]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{Math.round(100 * of(measured.time))} %</dd>
          </div>
        ))}
      </dl>
      <p className="mr-quiet mr-note">
        <code>{measured.worker}</code>, the last {Math.round(measured.seconds)} s:{' '}
        {counted(measured.events, 'event')} in {counted(measured.batches, 'batch', 'batches')};
        events in a batch {count(events.now)} now, {count(events.median)} median,{' '}
        {count(events.largest)} largest. {sharing(partitions)}
      </p>
    </div>
  );
}

function sharing(partitions: Measurement['partitions']): string {
  if (partitions.length === 0) return '';
  const others = Math.max(...partitions.map((partition) => partition.sharedWith));
  const late = partitions.filter((partition) => partition.catchingUp).length;
  const readers =
    others === 0
      ? 'It is read for this subscription alone'
      : `It is read together with ${counted(others, 'other subscription')}`;
  return late === 0
    ? `${readers}.`
    : `${readers}; ${counted(late, 'partition')} catching up with those ahead.`;
}

function Plan({ explanation }: { explanation: Explanation }) {
  return (
    <details>
      <summary>What is done with each event</summary>
      <dl className="mr-figures mr-plan">
        <div>
          <dt>Read, in this order</dt>
          {explanation.fields.map(({ field, uses }) => (
            <dd key={field}>
              <code>{field}</code> <span className="mr-quiet">{uses.join(', ')}</span>
            </dd>
          ))}
        </div>
        {explanation.expressions.map(({ of, expression, compiled, why }) => (
          <div key={of}>
            <dt>{of}</dt>
            <dd>
              <code>{expression}</code>
            </dd>
            <dd className={compiled ? undefined : 'mr-bad'}>
              {compiled ? 'runs as code' : `runs in the reference evaluator: ${why}`}
            </dd>
          </div>
        ))}
        <div>
          <dt>
            Written to {explanation.engine}, {explanation.mode}
          </dt>
          {explanation.ways.map(({ name, meaning }) => (
            <dd key={name}>
              {count(batches(explanation, name))} × {meaning}
            </dd>
          ))}
          {explanation.deletesWhatLeaves && (
            <dd>an event that does not match the filter deletes its row</dd>
          )}
        </div>
      </dl>
    </details>
  );
}

/** Of all workers. */
function batches({ measured }: Explanation, way: string): number {
  return measured.reduce((sum, { ways }) => sum + (ways[way] ?? 0), 0);
}
