import { isNumber } from './exactJson';

export type Row = Record<string, unknown>;

/** A row with an identity of its own: its content, and which one of several that are alike it is. */
export interface SeenRow {
  id: string;
  row: Row;
}

/** Every column that any row has, in the order of first sight: Redis hashes may differ. */
export function columnsOf(rows: Row[]): string[] {
  return [...new Set(rows.flatMap(Object.keys))];
}

export function seenRows(rows: Row[]): SeenRow[] {
  const alike = new Map<string, number>();
  return rows.map((row) => {
    const content = JSON.stringify(row);
    const before = alike.get(content) ?? 0;
    alike.set(content, before + 1);
    return { id: `${before} ${content}`, row };
  });
}

/** Rows that were not in the answer before; a changed row is a fresh one. */
export function freshIn(rows: SeenRow[], before: SeenRow[]): Set<string> {
  const known = new Set(before.map((seen) => seen.id));
  return new Set(rows.map((seen) => seen.id).filter((id) => !known.has(id)));
}

/** Columns whose every value that is there is a number stand to the right. */
export function isNumeric(rows: Row[], column: string): boolean {
  const values = rows
    .map((row) => row[column])
    .filter((value) => value !== null && value !== undefined);
  return values.length > 0 && values.every(isNumber);
}
