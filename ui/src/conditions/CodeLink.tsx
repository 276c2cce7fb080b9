/** A stable code; behind it the page that says what it means and what to do. */
export function CodeLink({ code }: { code: string }) {
  return (
    <a href={`/docs/conditions/${encodeURIComponent(code)}`} target="_blank" rel="noreferrer">
      <code>{code}</code>
    </a>
  );
}
