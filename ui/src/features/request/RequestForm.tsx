import { Button, Form, TextInput } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { ProblemError } from '../../api/problem';
import { keyOf, type ObjectKey, type Product, type Store, type StoreClass } from '../../api/types';
import { useReadOnly } from '../../cluster/useReadOnly';
import { Snippet } from '../../copy/Snippet';
import { Section } from '../../shell/Section';
import { ProblemAlert } from '../../states/ProblemAlert';
import { yamlOf } from '../../yaml/yaml';
import { AccessFields } from './AccessFields';
import { DeliveryFields } from './DeliveryFields';
import { defaultColumn, type Draft, emptyDraft, needsApproval, sentRows, specOf } from './draft';
import { FieldsChoice } from './FieldsChoice';
import { FilterField } from './FilterField';
import { byField, type FieldFindings } from './findings';
import { FindingSummary } from './FindingSummary';
import { describedBy, FormField } from './FormField';
import { ReviewDialog } from './ReviewDialog';
import { StoreChoice } from './StoreChoice';
import { useDryRun, useRequest } from './useRequest';

interface Props {
  product: Product;
  of: ObjectKey;
  classes: StoreClass[];
  stores: Store[];
}

const COLUMN_TYPES = [
  'text',
  'integer',
  'bigint',
  'double',
  'decimal(12,2)',
  'boolean',
  'date',
  'timestamp',
  'uuid',
  'json',
];

/** The need as a form: checked by a dry run, shown with what would be done, then requested. */
export function RequestForm({ product, of, classes, stores }: Props) {
  const [draft, setDraft] = useState(() => withFirstClass(emptyDraft(product, of), classes));
  const [findings, setFindings] = useState<FieldFindings>({});
  const dryRun = useDryRun();
  const request = useRequest();
  const navigate = useNavigate();
  const isReadOnly = useReadOnly();

  const ofTenant = stores.filter((store) => keyOf(store).tenant === draft.tenant);
  const engine = engineOf(draft.store, classes, ofTenant);
  const key = { tenant: draft.tenant.trim(), name: draft.name.trim() };
  // Only in a cluster is there a way to ask an owner.
  const isAsked = isReadOnly === true && needsApproval(product, of, key.tenant);
  const need = { key, spec: specOf(draft, product, of, engine, isAsked) };
  const yaml = yamlOf(key, need.spec);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const forget = (field: string) => setFindings(({ [field]: _, ...others }) => others);

  const refused = (error: Error) => {
    if (error instanceof ProblemError)
      setFindings(byField(error.findings, sentRows(draft, product.spec?.key)));
    request.reset();
  };
  const check = (event: FormEvent) => {
    event.preventDefault();
    setFindings({});
    dryRun.mutate(need, { onError: refused });
  };
  const confirm = () =>
    request.mutate(need, {
      onSuccess: () => void navigate(`/subscriptions/${key.tenant}/${key.name}`),
    });

  return (
    <Form onSubmit={check} className="mr-request" noValidate>
      <div className="mr-request-fields">
        <FindingSummary findings={findings} />
        {dryRun.error && !hasFindings(dryRun.error) && <ProblemAlert error={dryRun.error} />}
        <Section title="Name">
          <div className="mr-pair">
            <FormField
              id="tenant"
              label="Tenant"
              isRequired
              help="The team that will own the subscription and its store."
              findings={findings.tenant}
            >
              <TextInput
                id="tenant"
                isRequired
                value={draft.tenant}
                onChange={(_, tenant) => change({ tenant })}
                {...describedBy('tenant', findings.tenant)}
              />
            </FormField>
            <FormField
              id="name"
              label="Name"
              isRequired
              help="Of the subscription: lower-case letters, digits and hyphens."
              findings={findings.name}
            >
              <TextInput
                id="name"
                isRequired
                value={draft.name}
                onChange={(_, name) => change({ name })}
                {...describedBy('name', findings.name)}
              />
            </FormField>
          </div>
        </Section>
        <Section title="What">
          <FilterField
            product={product}
            of={of}
            value={draft.filter}
            findings={findings.filter}
            onChange={(filter) => {
              change({ filter });
              forget('filter');
            }}
          />
        </Section>
        <Section title="In what form">
          <FieldsChoice draft={draft} product={product} findings={findings} change={change} />
          <DeliveryFields
            draft={draft}
            partitions={product.status?.partitions ?? 0}
            findings={findings}
            change={change}
          />
        </Section>
        <Section title="Where">
          <StoreChoice
            store={draft.store}
            classes={classes}
            stores={ofTenant}
            engine={engine}
            keyColumn={keyColumnOf(draft, product)}
            name={draft.name || 'orders'}
            findings={findings}
            change={(part) => change({ store: { ...draft.store, ...part } })}
          />
        </Section>
        {isAsked && (
          <Section title="What for">
            <AccessFields
              access={draft.access}
              owner={product.spec?.owner}
              findings={findings}
              change={(part) => change({ access: { ...draft.access, ...part } })}
            />
          </Section>
        )}
      </div>
      <aside className="mr-request-preview" aria-label="Preview">
        <Snippet name="YAML" text={yaml} />
        <Button type="submit" isLoading={dryRun.isPending} isDisabled={dryRun.isPending}>
          {isReadOnly ? 'Review request' : 'Request'}
        </Button>
        <p className="mr-quiet mr-note">
          Checks everything and shows what will be done in the store.{' '}
          {isReadOnly
            ? 'Nothing is made from here; you get the command that applies it in the cluster.'
            : 'Nothing is made before you confirm.'}
        </p>
      </aside>
      <datalist id="column-types">
        {COLUMN_TYPES.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
      {dryRun.data !== undefined && (
        <ReviewDialog
          of={key}
          where={whereOf(draft.store)}
          yaml={yaml}
          statements={dryRun.data}
          isReadOnly={isReadOnly}
          approval={
            isAsked
              ? { product: of, owner: product.spec?.owner, by: need.spec.access?.requestedBy }
              : undefined
          }
          error={request.error}
          isPending={request.isPending}
          confirm={confirm}
          close={() => {
            dryRun.reset();
            request.reset();
          }}
        />
      )}
    </Form>
  );
}

function hasFindings(error: Error): boolean {
  return error instanceof ProblemError && error.findings.length > 0;
}

function whereOf(store: Draft['store']): string {
  return store.isNew ? `a new store of the class ${store.class}` : `the store ${store.name}`;
}

function withFirstClass(draft: Draft, classes: StoreClass[]): Draft {
  const first = classes.find((offer) => offer.spec?.engine)?.metadata?.name ?? '';
  return { ...draft, store: { ...draft.store, class: first } };
}

function engineOf(
  store: Draft['store'],
  classes: StoreClass[],
  stores: Store[],
): string | undefined {
  const chosen = stores.find((one) => keyOf(one).name === store.name);
  return store.isNew
    ? classes.find((offer) => offer.metadata?.name === store.class)?.spec?.engine
    : (chosen?.status?.engine ?? chosen?.spec?.connection?.engine);
}

function keyColumnOf(draft: Draft, product: Product): string {
  const path = product.spec?.key ?? 'id';
  const renamed = draft.isEverything ? '' : draft.columns.find((one) => one.path === path)?.as;
  return renamed || defaultColumn(path);
}
