import { Button } from '@patternfly/react-core';
import DownloadIcon from '@patternfly/react-icons/dist/esm/icons/download-icon';
import type { Subscription } from '../../api/types';
import { keyOf } from '../../api/types';
import { Snippet } from '../../copy/Snippet';
import { yamlOf } from '../../yaml/yaml';

/** The subscription as a user would write it: without what the platform adds. */
export function Definition({
  subscription,
  isReadOnly,
}: {
  subscription: Subscription;
  isReadOnly?: boolean;
}) {
  const { tenant, name } = keyOf(subscription);
  const yaml = yamlOf({ tenant, name }, subscription.spec ?? {});
  return (
    <>
      <Snippet name="YAML" text={yaml} />
      <Button
        variant="secondary"
        icon={<DownloadIcon />}
        onClick={() => download(`${name}.yaml`, yaml)}
      >
        Download YAML
      </Button>
      <p className="mr-quiet mr-note">
        Generation {subscription.metadata?.generation}.{' '}
        {isReadOnly ? 'Once it is changed, apply it' : 'The same over REST'}:{' '}
        <code>
          {isReadOnly
            ? `kubectl apply -f ${name}.yaml`
            : `PUT /api/v1/tenants/${tenant}/subscriptions/${name}`}
        </code>
      </p>
    </>
  );
}

function download(fileName: string, text: string) {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: fileName });
  link.click();
  URL.revokeObjectURL(address);
}
