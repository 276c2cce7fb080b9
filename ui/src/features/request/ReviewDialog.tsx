import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { ObjectKey } from '../../api/types';
import { InfoProblem } from '../../cluster/InfoProblem';
import { kubectl } from '../../cluster/kubectl';
import { Snippet } from '../../copy/Snippet';
import { ProblemAlert } from '../../states/ProblemAlert';

/** Whom a request waits for. */
interface Approval {
  product: ObjectKey;
  owner?: string;
  /** Who asks, if that is said. */
  by?: string;
}

interface Props {
  of: ObjectKey;
  /** The store, in words. */
  where: string;
  yaml: string;
  statements: string;
  /** Requested by applying it in the cluster; undefined while that is not known. */
  isReadOnly?: boolean;
  /** Absent where nobody is asked. */
  approval?: Approval;
  error: Error | null;
  isPending: boolean;
  confirm: () => void;
  close: () => void;
}

/** What the request would do, after everything was found right and before anything is done. */
export function ReviewDialog(props: Props) {
  const { of, where, yaml, statements, isReadOnly, approval } = props;
  const { error, isPending, confirm, close } = props;
  return (
    <Modal isOpen variant="medium" onClose={close} aria-labelledby="review">
      <ModalHeader labelId="review" title={`Request ${of.tenant}/${of.name}`} />
      <ModalBody>
        {isReadOnly && <ToApply yaml={yaml} approval={approval} />}
        <p className="mr-before-snippet">
          {whenOf(isReadOnly, approval)} will be run in {where}; then the history is loaded.
        </p>
        {statements ? (
          <Snippet name="Statements" text={statements} />
        ) : (
          <p className="mr-quiet">Nothing has to be prepared in the store.</p>
        )}
        <InfoProblem />
        {error && <ProblemAlert error={error} />}
      </ModalBody>
      <ModalFooter>
        {!isReadOnly && (
          <Button
            isLoading={isPending}
            isDisabled={isPending || isReadOnly === undefined}
            onClick={confirm}
          >
            Confirm request
          </Button>
        )}
        <Button variant="link" onClick={close}>
          Back to the form
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function whenOf(isReadOnly?: boolean, approval?: Approval): string {
  if (approval) return 'Once it is approved this, or less if less is granted,';
  return isReadOnly ? 'Then this' : 'Everything is right. This';
}

function ToApply({ yaml, approval }: { yaml: string; approval?: Approval }) {
  return (
    <>
      <p className="mr-before-snippet">
        Everything is right. Nothing is made from here: subscriptions are kept by the Kubernetes
        cluster. Apply this one there, or commit its YAML to the Git repository that the cluster
        follows. It is listed under <Link to="/subscriptions">Subscriptions</Link> then.
      </p>
      {approval && <Asked {...approval} />}
      <Snippet name="kubectl" text={kubectl.apply(yaml)} />
    </>
  );
}

function Asked({ product: { tenant, name }, owner, by }: Approval) {
  return (
    <p className="mr-before-snippet">
      The owner of {tenant}/{name}
      {owner && `, ${owner},`} is asked then, by an AccessRequest in the namespace {tenant}. Rows
      come once it is approved.
      {!by &&
        ' This request does not say who asks, so it can be denied only: go back and write your name.'}
    </p>
  );
}
