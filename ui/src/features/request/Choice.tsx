import { FormSelect, FormSelectOption } from '@patternfly/react-core';

interface Props {
  id: string;
  /** Only where no visible label names it. */
  label?: string;
  value: string;
  options: string[] | { value: string; label: string }[];
  isDisabled?: boolean;
  validated?: 'error' | 'default';
  onChange: (value: string) => void;
}

/** One of a few. */
export function Choice({ id, label, value, options, onChange, ...rest }: Props) {
  return (
    <FormSelect
      id={id}
      aria-label={label}
      value={value}
      onChange={(_, chosen) => onChange(chosen)}
      {...rest}
    >
      {options.map((option) => {
        const { value: own, label: words } =
          typeof option === 'string' ? { value: option, label: option } : option;
        return <FormSelectOption key={own} value={own} label={words} />;
      })}
    </FormSelect>
  );
}
