import { useParams } from 'react-router';
import { PageHead } from '../../shell/PageHead';
import { Loaded } from '../../states/Loaded';
import { RequestForm } from './RequestForm';
import { useOffers, useProduct } from './useRequest';

export function RequestPage() {
  const { tenant = '', name = '' } = useParams();
  const of = { tenant, name };
  const product = useProduct(of);
  const { classes, stores } = useOffers();
  return (
    <>
      <PageHead
        title="Request data"
        back={{ to: `/products/${tenant}/${name}`, name: `${tenant}/${name}` }}
      >
        Say what of <code>{`${tenant}/${name}`}</code> you need, in what form, and where to keep it.
      </PageHead>
      <Loaded query={product} lines={12}>
        {(found) => (
          <Loaded query={classes} lines={12}>
            {(offered) => (
              <Loaded query={stores} lines={12}>
                {(existing) => (
                  <RequestForm
                    key={`${tenant}/${name}`}
                    product={found}
                    of={of}
                    classes={offered.items ?? []}
                    stores={existing.items ?? []}
                  />
                )}
              </Loaded>
            )}
          </Loaded>
        )}
      </Loaded>
    </>
  );
}
