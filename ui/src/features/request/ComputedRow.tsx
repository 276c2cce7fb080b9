import { Button, TextInput } from '@patternfly/react-core';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import type { ComputedDraft } from './draft';
import { FindingList } from './FindingList';
import { columnField, type FieldFindings } from './findings';

interface Props {
  column: ComputedDraft;
  findings: FieldFindings;
  change: (part: Partial<ComputedDraft>) => void;
  remove: () => void;
}

/** A column that is computed from the event. */
export function ComputedRow({ column, findings, change, remove }: Props) {
  const row = `computed-${column.id}`;
  const id = (part: string) => columnField(row, part);
  const wrong = ['expr', 'as', 'type', 'mask'].flatMap((part) => findings[id(part)] ?? []);
  const input = (part: 'expr' | 'as' | 'type', label: string, placeholder: string) => (
    <TextInput
      id={id(part)}
      aria-label={`${label} of computed field ${column.id}`}
      placeholder={placeholder}
      list={part === 'type' ? 'column-types' : undefined}
      value={column[part]}
      validated={findings[id(part)] ? 'error' : 'default'}
      onChange={(_, value) => change({ [part]: value })}
    />
  );
  return (
    <>
      <tr>
        <td className="mr-mono">{input('expr', 'Expression', 'size(event.lines)')}</td>
        <td data-label="Column">{input('as', 'Column', 'line_count')}</td>
        <td data-label="Type">{input('type', 'Type', 'as computed')}</td>
        <td>
          <Button
            variant="plain"
            icon={<TimesIcon />}
            aria-label={`Remove computed field ${column.id}`}
            onClick={remove}
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
