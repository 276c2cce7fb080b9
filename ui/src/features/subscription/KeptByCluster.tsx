import { Link } from 'react-router';
import type { ObjectKey, Subscription } from '../../api/types';
import { kubectl } from '../../cluster/kubectl';
import { Snippet } from '../../copy/Snippet';
import { Section } from '../../shell/Section';
import { losses } from './AcceptLossDialog';

interface Props {
  subscription: Subscription;
  of: ObjectKey;
}

/** Stands where nothing can be changed: says where it can, and by which commands. */
export function KeptByCluster({ subscription, of }: Props) {
  return (
    <Section title="Kept by the Kubernetes cluster">
      {subscription.metadata?.deletionTimestamp ? (
        <p>It is being deleted there.</p>
      ) : (
        <>
          <p>
            Here it is only shown. Change it in the Git repository that it comes from or, if it
            comes from none, with <code>kubectl</code>. Its YAML is under{' '}
            <Link to="?tab=definition">Definition</Link>.
          </p>
          <details className="mr-commands">
            <summary>Commands to change it</summary>
            {commandsFor(subscription, of).map(({ note, ...snippet }) => (
              <div key={snippet.name}>
                {note && <p className="mr-note">{note}</p>}
                <Snippet {...snippet} />
              </div>
            ))}
          </details>
        </>
      )}
    </Section>
  );
}

interface Command {
  name: string;
  text: string;
  /** What it does that cannot be taken back. */
  note?: string;
}

/** What the buttons do where there are any, and in their words. */
function commandsFor(subscription: Subscription, of: ObjectKey): Command[] {
  const runs = (subscription.spec?.state ?? 'Running') === 'Running';
  return [
    { name: 'Edit', text: kubectl.edit(of) },
    {
      name: runs ? 'Pause' : 'Resume',
      text: kubectl.change(of, { state: runs ? 'Paused' : 'Running' }),
    },
    ...(subscription.status?.rebuild
      ? []
      : [{ name: 'Rebuild', text: kubectl.ask(of, 'rebuild') }]),
    ...(losses(subscription).length > 0
      ? [
          {
            name: 'Accept loss',
            text: kubectl.ask(of, 'acceptLoss'),
            note: 'It goes on without the events that were lost: what they changed is missing for good.',
          },
        ]
      : []),
    { name: 'Delete', text: kubectl.remove(of), note: whatStays(subscription) },
  ];
}

function whatStays({ spec, status }: Subscription): string {
  const what = status?.store?.relation ?? 'what it wrote';
  return spec?.store?.reclaimPolicy === 'Delete'
    ? `The reclaim policy is Delete: ${what} and the reader’s login are removed from the store.`
    : `The reclaim policy is Retain: ${what} stays in the store as it is, the reader’s login goes.`;
}
