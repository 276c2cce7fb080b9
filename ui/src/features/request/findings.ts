import type { Finding } from '../../api/types';

/** Findings by the id of the form's field they belong to; `form` has those without one. */
export type FieldFindings = Record<string, Finding[]>;

/** Pointers of the object, each with the field of the form that shows it; longest prefix wins. */
const FIELDS: [pointer: string, field: string][] = [
  ['/metadata/name', 'name'],
  ['/metadata/namespace', 'tenant'],
  ['/filter', 'filter'],
  ['/spec/filter', 'filter'],
  ['/spec/select', 'select'],
  ['/spec/startFrom/timestamp', 'start-timestamp'],
  ['/spec/startFrom/offsets', 'start-offsets'],
  ['/spec/startFrom', 'start'],
  ['/spec/mode', 'mode'],
  ['/spec/store/class', 'store-class'],
  ['/spec/store/name', 'store-name'],
  ['/spec/store/table', 'store-table'],
  ['/spec/store/redis/structure', 'store-structure'],
  ['/spec/store/redis/key', 'store-key'],
  ['/spec/store/redis/ttl', 'store-ttl'],
  ['/spec/store/reclaimPolicy', 'store-reclaim'],
  ['/spec/store', 'store'],
  ['/spec/onError/stopAfter', 'on-error-stop'],
  ['/spec/onError', 'on-error'],
  ['/spec/access/purpose', 'access-purpose'],
  ['/spec/access/for', 'access-for'],
  ['/spec/access/requestedBy', 'access-requested-by'],
  ['/spec/access', 'access'],
];

const SELECTED = /^\/spec\/select\/(\d+)(?:\/(as|type|mask|expr|field|key))?(?:\/|$)/;

/**
 * The form's field for a pointer into what was sent.
 *
 * @param rows which row stands behind each entry of the sent `select`
 */
export function fieldOf(pointer: string, rows: string[]): string {
  const selected = SELECTED.exec(pointer);
  const row = selected && rows[Number(selected[1])];
  if (row) return columnField(row, partOf(selected[2]));
  const fitting = FIELDS.filter(
    ([prefix]) => pointer === prefix || pointer.startsWith(`${prefix}/`),
  );
  return fitting.sort(([one], [other]) => other.length - one.length)[0]?.[1] ?? 'form';
}

/** The id of one input in the row of a column. */
export function columnField(row: string, part: string): string {
  return `column-${row}-${part}`;
}

/** The form has no input of its own for a path and for being the key: the row's name shows it. */
function partOf(part: string | undefined): string {
  return part === undefined || part === 'field' || part === 'key' ? 'as' : part;
}

export function byField(findings: Finding[], rows: string[]): FieldFindings {
  const fields: FieldFindings = {};
  for (const finding of findings) (fields[fieldOf(finding.pointer, rows)] ??= []).push(finding);
  return fields;
}

/** Line and column (from 1) that a finding of an expression names. */
export function placeOf(finding: Finding): { line: number; column: number } | undefined {
  const place = /\(line (\d+), column (\d+)\)/.exec(finding.message);
  return place ? { line: Number(place[1]), column: Number(place[2]) } : undefined;
}
