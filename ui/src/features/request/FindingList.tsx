import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import type { Finding } from '../../api/types';
import { CodeLink } from '../../conditions/CodeLink';

/** What is wrong, and what to do. Stays in the page while empty, so that new findings are read out. */
export function FindingList({ id, findings = [] }: { id: string; findings?: Finding[] }) {
  return (
    <div id={id} className="mr-findings" aria-live="polite">
      {findings.map((finding) => (
        <p key={finding.code + finding.pointer + finding.message}>
          <ExclamationCircleIcon aria-hidden="true" /> <strong>{finding.message}.</strong>{' '}
          {finding.remedy} <CodeLink code={finding.code} />
        </p>
      ))}
    </div>
  );
}
