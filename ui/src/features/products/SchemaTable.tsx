import { Label } from '@patternfly/react-core';
import { Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useMemo } from 'react';
import { ClassificationLabel } from '../../schema/ClassificationLabel';
import { FieldName } from '../../schema/FieldName';
import { fieldsOf } from '../../schema/fields';
import { DataTable } from '../../table/DataTable';

interface Props {
  schema: unknown;
  keyField?: string;
  classifications: Record<string, string>;
}

export function SchemaTable({ schema, keyField, classifications }: Props) {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  // A column that is empty for every field says nothing.
  const isClassified = fields.some((field) => classifications[field.path]);
  const isDescribed = fields.some((field) => field.description);
  return (
    <DataTable name="Schema" cardsBelow="md">
      <Thead>
        <Tr>
          <Th width={30}>Field</Th>
          <Th>Type</Th>
          <Th>Required</Th>
          {isClassified && <Th>Classification</Th>}
          {isDescribed && <Th width={40}>Description</Th>}
        </Tr>
      </Thead>
      <Tbody>
        {fields.map((field) => (
          <Tr key={field.path}>
            <Td dataLabel="Field">
              <FieldName field={field} />{' '}
              {field.path === keyField && (
                <Label isCompact color="teal">
                  key
                </Label>
              )}
            </Td>
            <Td dataLabel="Type">{field.type}</Td>
            <Td dataLabel="Required">
              {field.required ? 'yes' : <span className="mr-quiet">no</span>}
            </Td>
            {isClassified && (
              <Td dataLabel="Classification">
                <ClassificationLabel of={classifications[field.path]} />
              </Td>
            )}
            {isDescribed && <Td dataLabel="Description">{field.description}</Td>}
          </Tr>
        ))}
      </Tbody>
    </DataTable>
  );
}
