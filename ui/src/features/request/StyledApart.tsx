import { type ReactNode, useState } from 'react';
import { createPortal } from 'react-dom';

interface Props {
  id: string;
  className: string;
  children: ReactNode;
}

/**
 * A shadow root around an editor that brings its own style sheets: there they are adopted as objects,
 * while in the document they would be <style> elements, which the page's policy refuses.
 */
export function StyledApart({ id, className, children }: Props) {
  const [root, setRoot] = useState<ShadowRoot | null>(null);
  const host = (element: HTMLDivElement | null) => {
    if (element) setRoot(element.shadowRoot ?? attach(element));
  };
  return (
    <div id={id} className={className} ref={host}>
      {root && createPortal(children, root)}
    </div>
  );
}

function attach(element: HTMLElement): ShadowRoot {
  return element.attachShadow({ mode: 'open', delegatesFocus: true });
}
