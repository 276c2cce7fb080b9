import { Alert, Button } from '@patternfly/react-core';
import { useState } from 'react';
import { ProblemError } from '../../../api/problem';
import type { Binding, ObjectKey, Subscription } from '../../../api/types';
import { CopyButton } from '../../../copy/CopyButton';
import { Snippet } from '../../../copy/Snippet';
import { Section } from '../../../shell/Section';
import { Loaded } from '../../../states/Loaded';
import { ProblemAlert } from '../../../states/ProblemAlert';
import { useCredentials, usePassword, useSomeKey } from '../useSubscription';
import { ConfirmDialog } from './ConfirmDialog';
import { InSecret } from './InSecret';
import { PLACEHOLDER, snippetsOf } from './snippets';

interface Props {
  subscription: Subscription;
  of: ObjectKey;
  isReadOnly?: boolean;
}

/** The reader's login and how to use it. */
export function Connect({ subscription, of, isReadOnly }: Props) {
  const credentials = useCredentials(of, !isReadOnly);
  const password = usePassword(of);
  const structure = subscription.spec?.store?.redis?.structure;
  if (isReadOnly || isInSecret(credentials.error)) {
    return <InSecret subscription={subscription} of={of} />;
  }
  return (
    <Loaded query={credentials} lines={8}>
      {(kept) => (
        <>
          <Login
            binding={password.data ?? kept}
            busy={password.isPending}
            isLocked={isReadOnly === undefined}
            reveal={() => password.mutate('reveal')}
            rotate={() => password.mutate('rotate')}
          />
          {password.error && <ProblemAlert error={password.error} />}
          <Section title="Connect with">
            {!(password.data ?? kept).password && (
              <p className="mr-quiet mr-before-snippet">
                <code>{PLACEHOLDER}</code> stands where the password goes; once revealed it is
                filled in.
              </p>
            )}
            <Snippets of={of} binding={password.data ?? kept} structure={structure} />
          </Section>
        </>
      )}
    </Loaded>
  );
}

function isInSecret(error: Error | null): boolean {
  return error instanceof ProblemError && error.problem.code === 'InSecret';
}

interface SnippetsProps {
  of: ObjectKey;
  binding: Binding;
  structure?: string;
}

function Snippets({ of, binding, structure }: SnippetsProps) {
  const key = useSomeKey(of, binding.type === 'redis').data ?? undefined;
  return snippetsOf(binding, { structure, key }).map((snippet) => (
    <Snippet key={snippet.name} {...snippet} />
  ));
}

interface LoginProps {
  binding: Binding;
  busy: boolean;
  /** Not to be changed, as far as is known. */
  isLocked: boolean;
  reveal: () => void;
  rotate: () => void;
}

function Login({ binding, busy, isLocked, reveal, rotate }: LoginProps) {
  const [asking, setAsking] = useState<'reveal' | 'rotate'>();
  const confirm = () => {
    (asking === 'reveal' ? reveal : rotate)();
    setAsking(undefined);
  };
  const isHidden = !binding.password;
  return (
    <Section title="Login">
      <dl className="mr-login">
        <Line name="Host" value={`${binding.host}:${binding.port}`} />
        {binding.database && <Line name="Database" value={binding.database} />}
        <Line name={binding.type === 'redis' ? 'Keys' : 'Table'} value={binding.relation} />
        <Line name="User" value={binding.username} />
        {binding.password && <Line name="Password" value={binding.password} />}
      </dl>
      {binding.password && (
        <Alert isInline variant="info" title="Copy the password now">
          It is not shown again once you leave this tab.
        </Alert>
      )}
      {isHidden && binding.revealed && (
        <p>The password was revealed already. Whoever lost it can make a new one.</p>
      )}
      <div className="mr-buttons">
        {isHidden && !binding.revealed && (
          <Button
            isLoading={busy}
            isDisabled={busy || isLocked}
            onClick={() => setAsking('reveal')}
          >
            Reveal password
          </Button>
        )}
        <Button
          variant="secondary"
          isLoading={busy}
          isDisabled={busy || isLocked}
          onClick={() => setAsking('rotate')}
        >
          Rotate password
        </Button>
      </div>
      {asking && (
        <ConfirmDialog what={asking} confirm={confirm} close={() => setAsking(undefined)} />
      )}
    </Section>
  );
}

function Line({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
        <CopyButton what={name.toLowerCase()} text={value} />
      </dd>
    </div>
  );
}
