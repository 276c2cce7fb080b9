import { CopyButton } from './CopyButton';

/** Text to take along, with its name and a copy button. */
export function Snippet({ name, text }: { name: string; text: string }) {
  return (
    <figure className="mr-snippet">
      <figcaption>
        {name}
        <CopyButton what={name} text={text} />
      </figcaption>
      <pre tabIndex={0} role="group" aria-label={name}>
        <code>{text}</code>
      </pre>
    </figure>
  );
}
