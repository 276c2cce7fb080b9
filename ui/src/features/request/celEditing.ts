import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { Decoration, EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Finding } from '../../api/types';
import { fieldsOf } from '../../schema/fields';
import { placeOf } from './findings';

/** Enough of CEL to tell texts, numbers and words apart while typing. */
const cel = StreamLanguage.define({
  token(stream) {
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return 'string';
    if (stream.match(/^\/\/.*/)) return 'comment';
    if (stream.match(/^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?u?/)) return 'number';
    if (stream.match(/^(?:true|false|null|in)\b/)) return 'keyword';
    if (stream.match(/^[A-Za-z_]\w*(?=\s*\()/)) return 'function';
    if (stream.match(/^[A-Za-z_]\w*/)) return 'variableName';
    stream.next();
    return null;
  },
  tokenTable: { function: tags.function(tags.variableName) },
});

// Variables and not colours: the page's style sheet knows light and dark, and they reach inside.
const colours = HighlightStyle.define([
  { tag: tags.string, color: 'var(--mr-cel-text)' },
  { tag: tags.number, color: 'var(--mr-cel-number)' },
  { tag: tags.keyword, color: 'var(--mr-cel-word)' },
  { tag: tags.function(tags.variableName), color: 'var(--mr-cel-function)' },
  { tag: tags.comment, color: 'var(--mr-quiet)' },
]);

const look = EditorView.theme({
  '&.cm-focused': { outline: 'none' },
  '.cm-content': {
    minHeight: '3.5rem',
    padding: '0.5rem',
    caretColor: 'currentcolor',
    fontFamily: 'var(--mr-mono)',
    fontSize: '0.875rem',
  },
  '.cm-scroller': { lineHeight: 'inherit' },
  '.cm-cursor': { borderColor: 'currentcolor' },
  '.cm-placeholder': { color: 'var(--mr-quiet)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { background: 'var(--mr-fresh)' },
  '.cm-wrong': {
    textDecoration: 'underline wavy var(--mr-bad)',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    border: '1px solid var(--mr-line)',
    borderRadius: '6px',
    background: 'var(--mr-surface)',
    color: 'inherit',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mr-mono)',
    fontSize: '0.8125rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--mr-brand)',
    color: 'var(--mr-surface)',
  },
  '.cm-completionDetail': { marginInlineStart: '1rem', opacity: '0.8' },
});

export const language = [cel, syntaxHighlighting(colours), look, EditorView.lineWrapping];

/** Offers the product's fields behind `event.`, with their types. */
export function fieldCompletion(schema: unknown) {
  const options = fieldsOf(schema).map((field) => ({
    label: `event.${field.path}`,
    type: 'property',
    detail: field.type,
    info: field.description,
  }));
  const complete = (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[A-Za-z_][\w.]*/);
    if (!word && !context.explicit) return null;
    return { from: word?.from ?? context.pos, options, validFor: /^[\w.]*$/ };
  };
  return autocompletion({ override: [complete], icons: false });
}

const WRONG = Decoration.mark({ class: 'cm-wrong' });

/** Underlines the word at each place that a finding names. */
export function underlines(findings: Finding[]) {
  return EditorView.decorations.compute(['doc'], (state) => {
    const ranges = findings.flatMap((finding) => {
      const place = placeOf(finding);
      if (!place || place.line > state.doc.lines) return [];
      const line = state.doc.line(place.line);
      const from = Math.min(line.from + place.column - 1, Math.max(line.from, line.to - 1));
      const word = /^\.?\w+/.exec(state.sliceDoc(from, line.to))?.[0].length ?? 1;
      const to = Math.min(from + word, line.to);
      return to > from ? [WRONG.range(from, to)] : [];
    });
    return Decoration.set(ranges, true);
  });
}
