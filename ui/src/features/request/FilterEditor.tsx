import { EditorView } from '@codemirror/view';
import CodeMirror from '@uiw/react-codemirror';
import { useMemo } from 'react';
import type { Finding } from '../../api/types';
import { fieldCompletion, language, underlines } from './celEditing';
import { StyledApart } from './StyledApart';

interface Props {
  value: string;
  schema: unknown;
  findings: Finding[];
  /** Ids of the elements that say what is wrong and what matches. */
  describedBy: string[];
  onChange: (text: string) => void;
}

/** The filter as text, with the product's fields offered and mistakes underlined. */
export function FilterEditor({ value, schema, findings, describedBy, onChange }: Props) {
  const completion = useMemo(() => fieldCompletion(schema), [schema]);
  const isWrong = findings.length > 0;
  const extensions = useMemo(
    () => [
      language,
      completion,
      underlines(findings),
      EditorView.contentAttributes.of({
        'aria-label': 'Filter',
        'aria-invalid': String(isWrong),
      }),
    ],
    [completion, findings, isWrong],
  );
  const describe = (view: EditorView) => {
    // From inside a shadow root an id does not reach the page, an element does.
    view.contentDOM.ariaDescribedByElements = describedBy.flatMap(
      (id) => document.getElementById(id) ?? [],
    );
  };
  return (
    <StyledApart id="filter" className={`mr-editor ${isWrong ? 'mr-editor-wrong' : ''}`}>
      <CodeMirror
        onCreateEditor={describe}
        value={value}
        onChange={onChange}
        extensions={extensions}
        theme="none"
        placeholder="every event"
        // Tab leaves the editor, as everywhere else.
        indentWithTab={false}
        basicSetup={{
          lineNumbers: false,
          foldGutter: false,
          highlightActiveLine: false,
          autocompletion: false,
          searchKeymap: false,
        }}
      />
    </StyledApart>
  );
}
