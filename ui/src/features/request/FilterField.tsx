import { FormGroup } from '@patternfly/react-core';
import { useMemo } from 'react';
import { problemOf } from '../../api/problem';
import type { Finding, ObjectKey, Preview, Product } from '../../api/types';
import { count, counted } from '../../format/format';
import { JsonLine } from '../../schema/JsonLine';
import { ProblemAlert } from '../../states/ProblemAlert';
import { FilterEditor } from './FilterEditor';
import { FindingList } from './FindingList';
import { usePreview } from './useRequest';

interface Props {
  product: Product;
  of: ObjectKey;
  value: string;
  /** From the dry run; what the preview finds while typing is added here. */
  findings?: Finding[];
  onChange: (text: string) => void;
}

const NOTHING: Finding[] = [];
const DESCRIBED_BY = ['filter-findings', 'filter-matches'];

/** The filter, checked and tried on recent events while it is typed. */
export function FilterField({ product, of, value, findings = NOTHING, onChange }: Props) {
  const preview = usePreview(of, value);
  const problem = preview.error ? problemOf(preview.error) : undefined;
  const found = problem?.errors ?? findings;
  const shown = useMemo(() => (value.trim() ? found : NOTHING), [value, found]);
  return (
    <FormGroup label="Filter" fieldId="filter">
      <FilterEditor
        value={value}
        schema={product.spec?.schema}
        findings={shown}
        describedBy={DESCRIBED_BY}
        onChange={onChange}
      />
      <FindingList id="filter-findings" findings={shown} />
      {problem && !problem.errors?.length && <ProblemAlert error={preview.error} />}
      <div id="filter-matches" className="mr-matches" aria-live="polite">
        {value.trim() ? (
          <Matches preview={problem ? undefined : preview.data} isChecking={preview.isChecking} />
        ) : (
          <span className="mr-quiet">
            A condition on <code>event</code>, in CEL (Common Expression Language). Left empty,
            every event is taken.
          </span>
        )}
      </div>
      {value.trim() && !problem && <Examples preview={preview.data} />}
    </FormGroup>
  );
}

function Matches({ preview, isChecking }: { preview?: Preview; isChecking: boolean }) {
  if (isChecking) return <span className="mr-quiet">checking…</span>;
  if (!preview) return null;
  const { matched = 0, scanned = 0, failed = 0 } = preview;
  if (scanned === 0) return <span>The filter is right. There are no events yet to try it on.</span>;
  return (
    <>
      <span>
        matched <strong>{count(matched)}</strong> of {count(scanned)} recent{' '}
        {scanned === 1 ? 'event' : 'events'}
      </span>
      <meter min={0} max={scanned} value={matched} aria-label="Share of matching events" />
      {failed > 0 && (
        <span className="mr-bad">{counted(failed, 'event')} could not be evaluated</span>
      )}
    </>
  );
}

function Examples({ preview }: { preview?: Preview }) {
  const examples = preview?.examples ?? [];
  if (examples.length === 0) return null;
  return (
    <details className="mr-examples">
      <summary>{counted(examples.length, 'matching example')}</summary>
      <ol>
        {examples.map((example) => (
          <li key={`${example.partition}:${example.offset}`}>
            <JsonLine value={example.value} />
          </li>
        ))}
      </ol>
    </details>
  );
}
