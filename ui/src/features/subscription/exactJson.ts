/** What browsers have since 2025 and TypeScript's library does not know yet. */
interface ExactNumbers {
  rawJSON?: (text: string) => object;
  isRawJSON?: (value: unknown) => boolean;
}

const { rawJSON, isRawJSON } = JSON as ExactNumbers;

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

/**
 * JSON whose numbers stay as they were written: 137.00 keeps its zeros, and a 64-bit integer its last
 * digits. An older browser shows them as its own numbers.
 */
export function parseExactly(text: string): unknown {
  const keep: Reviver = (_, value, context) =>
    typeof value === 'number' && context?.source && rawJSON && String(value) !== context.source
      ? rawJSON(context.source)
      : value;
  return JSON.parse(text, keep);
}

export function isNumber(value: unknown): boolean {
  return typeof value === 'number' || isRawJSON?.(value) === true;
}
