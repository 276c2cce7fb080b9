import type { Field } from './fields';

/** A field's path with its parents set back, so that nesting is seen without indenting it away. */
export function FieldName({ field }: { field: Field }) {
  const last = field.path.lastIndexOf('.') + 1;
  return (
    <code className="mr-field">
      <span className="mr-tenant">{field.path.slice(0, last)}</span>
      {field.path.slice(last)}
    </code>
  );
}
