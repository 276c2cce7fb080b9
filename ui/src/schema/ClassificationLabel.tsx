import { Label } from '@patternfly/react-core';

/** How carefully a field is to be handled; nothing for a field nobody classified. */
export function ClassificationLabel({ of }: { of?: string }) {
  if (!of) return null;
  const color = of === 'Secret' ? 'red' : of === 'Personal' ? 'orange' : 'grey';
  return (
    <Label isCompact color={color}>
      {of}
    </Label>
  );
}
