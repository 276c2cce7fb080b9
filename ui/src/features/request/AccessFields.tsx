import { TextInput } from '@patternfly/react-core';
import type { Draft } from './draft';
import { FindingList } from './FindingList';
import type { FieldFindings } from './findings';
import { describedBy, FormField } from './FormField';

interface Props {
  access: Draft['access'];
  /** A team or an address. */
  owner?: string;
  findings: FieldFindings;
  change: (part: Partial<Draft['access']>) => void;
}

/** What the owner of a product is told who approves each access. */
export function AccessFields({ access, owner, findings, change }: Props) {
  return (
    <div id="access" tabIndex={-1} className="mr-choice">
      <p>The product’s owner{owner && `, ${owner},`} approves each access.</p>
      <FindingList id="access-findings" findings={findings.access} />
      <FormField
        id="access-purpose"
        label="Purpose"
        help="What the events are wanted for."
        findings={findings['access-purpose']}
      >
        <TextInput
          id="access-purpose"
          value={access.purpose}
          onChange={(_, purpose) => change({ purpose })}
          {...describedBy('access-purpose', findings['access-purpose'])}
        />
      </FormField>
      <div className="mr-pair">
        <FormField
          id="access-for"
          label="For"
          help="How long, such as 90d. Empty: for good."
          findings={findings['access-for']}
        >
          <TextInput
            id="access-for"
            placeholder="for good"
            value={access.for}
            onChange={(_, duration) => change({ for: duration })}
            {...describedBy('access-for', findings['access-for'])}
          />
        </FormField>
        <FormField
          id="access-requested-by"
          label="Your name in the cluster"
          help={
            <>
              As <code>kubectl auth whoami</code> says it; where Argo CD or Flux applies it, that of
              its service account. Without it the request can be denied only.
            </>
          }
          findings={findings['access-requested-by']}
        >
          <TextInput
            id="access-requested-by"
            value={access.requestedBy}
            onChange={(_, requestedBy) => change({ requestedBy })}
            {...describedBy('access-requested-by', findings['access-requested-by'])}
          />
        </FormField>
      </div>
    </div>
  );
}
