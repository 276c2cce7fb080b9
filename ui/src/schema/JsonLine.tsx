/** JSON in one line, opened on demand. */
export function JsonLine({ value }: { value: unknown }) {
  return (
    <details className="mr-json">
      <summary>
        <code>{JSON.stringify(value)}</code>
      </summary>
      <pre>{JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}
