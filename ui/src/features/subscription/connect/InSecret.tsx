import type { ObjectKey, Subscription } from '../../../api/types';
import { kubectl } from '../../../cluster/kubectl';
import { CodeLink } from '../../../conditions/CodeLink';
import { Snippet } from '../../../copy/Snippet';
import { Section } from '../../../shell/Section';
import { useSomeKey } from '../useSubscription';
import { secretOf, snippetsFromSecret } from './secret';

interface Props {
  subscription: Subscription;
  of: ObjectKey;
}

/** The reader's login where the cluster keeps it, and how to take it from there. */
export function InSecret({ subscription, of }: Props) {
  const store = subscription.status?.store;
  const structure = subscription.spec?.store?.redis?.structure;
  const key = useSomeKey(of, store?.engine === 'Redis').data ?? undefined;
  const snippets = snippetsFromSecret(of, store, { structure, key });
  return (
    <>
      <Section title="Login">
        <p>
          It is in the Secret <code>{secretOf(of.name)}</code> of the namespace{' '}
          <code>{of.tenant}</code>, under the keys of servicebinding.io: <code>type</code>,{' '}
          <code>host</code>, <code>port</code>, <code>database</code>, <code>username</code>,{' '}
          <code>password</code>, <code>uri</code>, <code>jdbc-url</code>. Whoever may read that
          Secret has it; the host is as the cluster names it.
        </p>
        <NotYet subscription={subscription} />
      </Section>
      <Section title="Connect with">
        {snippets.map((snippet) => (
          <Snippet key={snippet.name} {...snippet} />
        ))}
        <p className="mr-quiet mr-note">
          A Pod of the same namespace has it in its variables then, as <code>DB_host</code>,{' '}
          <code>DB_password</code> and so on. One that mounts the Secret as a volume sees a new
          password without a restart.
        </p>
      </Section>
      <Section title="Another password">
        <p className="mr-before-snippet">
          The Secret gets a new login. The one of before still gets in until the next time.
        </p>
        <Snippet name="New password" text={kubectl.ask(of, 'rotate')} />
      </Section>
    </>
  );
}

/** There is no Secret before there is a store, nor when access has ended. */
function NotYet({ subscription }: { subscription: Subscription }) {
  const missing = subscription.status?.conditions?.find(
    ({ type, status }) => type === 'CredentialsReady' && status !== 'True',
  );
  if (!missing) return null;
  return (
    <p>
      There is none now: <CodeLink code={missing.reason} /> {missing.message}
    </p>
  );
}
