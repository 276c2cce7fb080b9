import { Radio, TextInput } from '@patternfly/react-core';
import { keyOf, type Store, type StoreClass } from '../../api/types';
import { Choice } from './Choice';
import type { Draft } from './draft';
import { FindingList } from './FindingList';
import type { FieldFindings } from './findings';
import { describedBy, FormField } from './FormField';

interface Props {
  store: Draft['store'];
  classes: StoreClass[];
  /** The tenant's. */
  stores: Store[];
  engine?: string;
  /** The column that is the key, for a key template's example. */
  keyColumn: string;
  /** What table and key prefix are called when nothing is given. */
  name: string;
  findings: FieldFindings;
  change: (part: Partial<Draft['store']>) => void;
}

/** Where the events are kept: a store of a class, or one that is there. */
export function StoreChoice(props: Props) {
  const { store, classes, stores, engine, findings, change } = props;
  return (
    <div id="store" tabIndex={-1} className="mr-choice">
      <FindingList id="store-findings" findings={findings.store} />
      {stores.length > 0 && (
        <>
          <Radio
            id="store-new"
            name="store-kind"
            label="A store of its own"
            isChecked={store.isNew}
            onChange={() => change({ isNew: true })}
          />
          <Radio
            id="store-existing"
            name="store-kind"
            label="A store that is there"
            isChecked={!store.isNew}
            onChange={() =>
              change({ isNew: false, name: store.name || keyOf(stores[0] ?? {}).name })
            }
          />
        </>
      )}
      {store.isNew ? (
        <FormField
          id="store-class"
          label="Store class"
          help={classes.find((one) => one.metadata?.name === store.class)?.spec?.description}
          findings={findings['store-class']}
        >
          <Choice
            id="store-class"
            value={store.class}
            options={classes
              // A store of the class `external` is declared with its connection first.
              .filter((one) => one.spec?.engine)
              .map((one) => one.metadata?.name ?? '')}
            onChange={(value) => change({ class: value })}
          />
        </FormField>
      ) : (
        <FormField id="store-name" label="Store" findings={findings['store-name']}>
          <Choice
            id="store-name"
            value={store.name}
            options={stores.map((one) => keyOf(one).name)}
            onChange={(value) => change({ name: value })}
          />
        </FormField>
      )}
      {engine === 'Postgres' && <TableFields {...props} />}
      {engine === 'Redis' && <KeyFields {...props} />}
      <FormField
        id="store-reclaim"
        label="When the subscription is deleted"
        findings={findings['store-reclaim']}
      >
        <Choice
          id="store-reclaim"
          value={store.reclaimPolicy}
          options={[
            { value: 'Retain', label: 'Retain: keep table or keys' },
            { value: 'Delete', label: 'Delete: remove table or keys' },
          ]}
          onChange={(reclaimPolicy) => change({ reclaimPolicy })}
        />
      </FormField>
    </div>
  );
}

function TableFields({ store, name, findings, change }: Props) {
  return (
    <FormField id="store-table" label="Table name" findings={findings['store-table']}>
      <TextInput
        id="store-table"
        placeholder={name.replaceAll('-', '_')}
        value={store.table}
        onChange={(_, table) => change({ table })}
        {...describedBy('store-table', findings['store-table'])}
      />
    </FormField>
  );
}

function KeyFields({ store, name, keyColumn, findings, change }: Props) {
  return (
    <>
      <FormField id="store-structure" label="Structure" findings={findings['store-structure']}>
        <Choice
          id="store-structure"
          value={store.structure}
          options={[
            { value: 'Hash', label: 'Hash: a field for each column' },
            { value: 'Json', label: 'Json: one string' },
          ]}
          onChange={(structure) => change({ structure })}
        />
      </FormField>
      <FormField
        id="store-key"
        label="Key template"
        help="A literal prefix of its own, then the key column in braces."
        findings={findings['store-key']}
      >
        <TextInput
          id="store-key"
          placeholder={`${name}:{${keyColumn}}`}
          value={store.key}
          onChange={(_, key) => change({ key })}
          {...describedBy('store-key', findings['store-key'])}
        />
      </FormField>
      <FormField
        id="store-ttl"
        label="Keep keys for"
        help="From the event’s time, such as 24h or 30d. Empty: kept."
        findings={findings['store-ttl']}
      >
        <TextInput
          id="store-ttl"
          placeholder="for good"
          value={store.ttl}
          onChange={(_, ttl) => change({ ttl })}
          {...describedBy('store-ttl', findings['store-ttl'])}
        />
      </FormField>
    </>
  );
}
