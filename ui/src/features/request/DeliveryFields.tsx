import { TextInput } from '@patternfly/react-core';
import { Choice } from './Choice';
import type { Draft } from './draft';
import { FindingList } from './FindingList';
import type { FieldFindings } from './findings';
import { describedBy, FormField } from './FormField';

interface Props {
  draft: Draft;
  partitions: number;
  findings: FieldFindings;
  change: (part: Partial<Draft>) => void;
}

/** From where on, in what mode, and what becomes of events that do not fit. */
export function DeliveryFields({ draft, partitions, findings, change }: Props) {
  const { start, onError } = draft;
  return (
    <div className="mr-pair">
      <FormField id="mode" label="Mode" findings={findings.mode}>
        <Choice
          id="mode"
          value={draft.mode}
          options={[
            { value: 'Upsert', label: 'Upsert: the last version of each key' },
            { value: 'Append', label: 'Append: every event a row' },
          ]}
          validated={findings.mode ? 'error' : 'default'}
          onChange={(mode) => change({ mode })}
        />
      </FormField>
      <FormField id="start" label="Start from" findings={findings.start}>
        <Choice
          id="start"
          value={start.type}
          options={[
            { value: 'Beginning', label: 'Beginning: all history' },
            { value: 'Now', label: 'Now: new events only' },
            { value: 'Timestamp', label: 'Timestamp: events since' },
            { value: 'Offsets', label: 'Offsets: one for each partition' },
          ]}
          onChange={(type) => change({ start: { ...start, type } })}
        />
      </FormField>
      {start.type === 'Timestamp' && (
        <FormField id="start-timestamp" label="Since" findings={findings['start-timestamp']}>
          <TextInput
            id="start-timestamp"
            type="datetime-local"
            value={start.timestamp}
            onChange={(_, timestamp) => change({ start: { ...start, timestamp } })}
            {...describedBy('start-timestamp', findings['start-timestamp'])}
          />
        </FormField>
      )}
      {start.type === 'Offsets' && (
        <fieldset id="start-offsets" tabIndex={-1} className="mr-offsets">
          <legend>First offset of each partition</legend>
          {Array.from({ length: partitions }, (_, partition) => (
            <TextInput
              key={partition}
              aria-label={`Partition ${partition}`}
              placeholder={`${partition}: 0`}
              inputMode="numeric"
              value={start.offsets[partition] ?? ''}
              onChange={(_, offset) =>
                change({ start: { ...start, offsets: { ...start.offsets, [partition]: offset } } })
              }
            />
          ))}
          <FindingList id="start-offsets-findings" findings={findings['start-offsets']} />
        </fieldset>
      )}
      <FormField id="on-error" label="Events that do not fit" findings={findings['on-error']}>
        <Choice
          id="on-error"
          value={onError.policy}
          options={[
            { value: 'DeadLetter', label: 'DeadLetter: keep them aside' },
            { value: 'Halt', label: 'Halt: stop at the first' },
            { value: 'Skip', label: 'Skip: count and go on' },
          ]}
          onChange={(policy) => change({ onError: { ...onError, policy } })}
        />
      </FormField>
      <FormField
        id="on-error-stop"
        label="Stop after"
        help="A number of dead letters, or a share such as 5%. Empty: never."
        findings={findings['on-error-stop']}
      >
        <TextInput
          id="on-error-stop"
          placeholder="never"
          value={onError.stopAfter}
          onChange={(_, stopAfter) => change({ onError: { ...onError, stopAfter } })}
          {...describedBy('on-error-stop', findings['on-error-stop'])}
        />
      </FormField>
    </div>
  );
}
