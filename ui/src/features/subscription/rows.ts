export type Row = Record<string, unknown>;

/** Every column that any row has, in the order of first sight: Redis hashes may differ. */
export function columnsOf(rows: Row[]): string[] {
  return [...new Set(rows.flatMap(Object.keys))];
}

/** Rows that were not in the answer before; a changed row is a fresh one. */
export function freshIn(rows: Row[], before: Row[]): Set<string> {
  const known = new Set(before.map((row) => JSON.stringify(row)));
  return new Set(rows.map((row) => JSON.stringify(row)).filter((id) => !known.has(id)));
}
