import { Button, Checkbox, Label, Radio, TextInput } from '@patternfly/react-core';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { useMemo } from 'react';
import type { Product } from '../../api/types';
import { ClassificationLabel } from '../../schema/ClassificationLabel';
import { FieldName } from '../../schema/FieldName';
import { columnTypeOf, type Field, fieldsOf } from '../../schema/fields';
import { Choice } from './Choice';
import { type ColumnDraft, defaultColumn, type Draft, isKey } from './draft';
import { FindingList } from './FindingList';
import { columnField, type FieldFindings } from './findings';
import { ComputedRow } from './ComputedRow';

interface Props {
  draft: Draft;
  product: Product;
  findings: FieldFindings;
  change: (part: Partial<Draft>) => void;
}

export const MASKS = ['None', 'Hash', 'Redact', 'Partial'];

/** Which fields become columns, under which name, in which type, how masked. */
export function FieldsChoice({ draft, product, findings, change }: Props) {
  const fields = useMemo(() => fieldsOf(product.spec?.schema), [product]);
  const changeColumn = (path: string, part: Partial<ColumnDraft>) =>
    change({
      columns: draft.columns.map((one) => (one.path === path ? { ...one, ...part } : one)),
    });
  return (
    <div className="mr-choice" id="select" tabIndex={-1}>
      <Radio
        id="fields-all"
        name="fields"
        label="All fields, and new ones as the schema grows"
        isChecked={draft.isEverything}
        onChange={() => change({ isEverything: true })}
      />
      <Radio
        id="fields-some"
        name="fields"
        label="Choose fields"
        isChecked={!draft.isEverything}
        onChange={() => change({ isEverything: false })}
      />
      <FindingList id="select-findings" findings={findings.select} />
      {!draft.isEverything && (
        <>
          <div className="mr-scroll" role="region" aria-label="Columns, scrollable" tabIndex={0}>
            <table aria-label="Columns" className="mr-columns-table">
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Column</th>
                  <th scope="col">Type</th>
                  <th scope="col">Mask</th>
                </tr>
              </thead>
              <tbody>
                {fields.map((field, index) => {
                  const column = draft.columns[index];
                  return (
                    column && (
                      <ColumnRow
                        key={field.path}
                        field={field}
                        column={column}
                        isKeyField={isKey(draft, field.path, product.spec?.key)}
                        classification={product.spec?.classifications?.[field.path]}
                        findings={findings}
                        change={(part) => changeColumn(field.path, part)}
                      />
                    )
                  );
                })}
                {draft.computed.map((column) => (
                  <ComputedRow
                    key={column.id}
                    column={column}
                    findings={findings}
                    change={(part) =>
                      change({
                        computed: draft.computed.map((one) =>
                          one.id === column.id ? { ...one, ...part } : one,
                        ),
                      })
                    }
                    remove={() =>
                      change({ computed: draft.computed.filter((one) => one.id !== column.id) })
                    }
                  />
                ))}
              </tbody>
            </table>
          </div>
          <Button
            variant="link"
            icon={<PlusCircleIcon />}
            onClick={() => change({ computed: [...draft.computed, nextComputed(draft)] })}
          >
            Add computed field
          </Button>
        </>
      )}
    </div>
  );
}

function nextComputed({ computed }: Draft) {
  return { id: Math.max(0, ...computed.map((one) => one.id)) + 1, expr: '', as: '', type: '' };
}

interface RowProps {
  field: Field;
  column: ColumnDraft;
  isKeyField: boolean;
  classification?: string;
  findings: FieldFindings;
  change: (part: Partial<ColumnDraft>) => void;
}

function ColumnRow({ field, column, isKeyField, classification, findings, change }: RowProps) {
  const { path, isSelected } = column;
  const id = (part: string) => columnField(path, part);
  const wrong = ['as', 'type', 'mask'].flatMap((part) => findings[id(part)] ?? []);
  const described = wrong.length ? { 'aria-describedby': id('findings') } : {};
  return (
    <>
      <tr className={isSelected || isKeyField ? undefined : 'mr-unselected'}>
        <td>
          <Checkbox
            id={id('selected')}
            label={<FieldName field={field} />}
            isChecked={isSelected || isKeyField}
            isDisabled={isKeyField}
            onChange={(_, checked) => change({ isSelected: checked })}
          />
          <span className="mr-quiet">{field.type}</span>{' '}
          {isKeyField && (
            <Label isCompact color="teal">
              key
            </Label>
          )}
          <ClassificationLabel of={classification} />
        </td>
        <td data-label="Column">
          <TextInput
            id={id('as')}
            aria-label={`Column of ${path}`}
            placeholder={defaultColumn(path)}
            value={column.as}
            isDisabled={!isSelected && !isKeyField}
            validated={findings[id('as')] ? 'error' : 'default'}
            onChange={(_, as) => change({ as })}
            {...described}
          />
        </td>
        <td data-label="Type">
          <TextInput
            id={id('type')}
            aria-label={`Type of ${path}`}
            placeholder={columnTypeOf(field)}
            list="column-types"
            value={column.type}
            isDisabled={!isSelected && !isKeyField}
            validated={findings[id('type')] ? 'error' : 'default'}
            onChange={(_, type) => change({ type })}
            {...described}
          />
        </td>
        <td data-label="Mask">
          <Choice
            id={id('mask')}
            label={`Mask of ${path}`}
            value={column.mask}
            options={MASKS}
            isDisabled={!isSelected && !isKeyField}
            onChange={(mask) => change({ mask })}
          />
        </td>
      </tr>
      {wrong.length > 0 && (
        <tr>
          <td colSpan={4}>
            <FindingList id={id('findings')} findings={wrong} />
          </td>
        </tr>
      )}
    </>
  );
}
