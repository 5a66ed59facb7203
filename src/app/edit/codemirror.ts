import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { EditedFile } from './messages';

/** Colours of the page, so that contrast holds in every theme. */
const look = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.atom], color: 'var(--busy)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--ink-soft)', fontStyle: 'italic' },
  { tag: [tags.meta, tags.typeName, tags.labelName], color: 'var(--bad)' },
]);

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--paper)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--face-code)', fontSize: '13px', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': {
    color: 'var(--ink-soft)',
    backgroundColor: 'var(--paper-raised)',
    borderRight: '1px solid var(--line-soft)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--line-soft) 35%, transparent)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent) !important',
  },
  '.cm-panels': { color: 'var(--ink)', backgroundColor: 'var(--paper-raised)' },
});

export interface PaneEditor {
  readonly text: () => string;
  readonly focus: () => void;
  readonly destroy: () => void;
}

/** Esc gives Tab back to the page: nobody is trapped in the text. */
function escapeThenTab(): Extension {
  let escaped = false;
  return EditorView.domEventHandlers({
    keydown: (event) => {
      const leaves = escaped && event.key === 'Tab';
      escaped = event.key === 'Escape';
      // True: no other handler sees it, and the browser moves the focus.
      return leaves;
    },
  });
}

/** An editor for a file, in an element of the page. */
export function openEditor(parent: HTMLElement, file: EditedFile, save: () => void, changed: () => void): PaneEditor {
  const isYaml = /\.ya?ml$/.test(file.path) || /^\s*(#|---|apiVersion:|\w[\w-]*:(\s|$))/.test(file.text);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: file.text,
      extensions: [
        escapeThenTab(),
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        indentOnInput(),
        indentUnit.of('  '),
        EditorState.tabSize.of(8),
        search({ top: true }),
        syntaxHighlighting(look),
        ...(isYaml ? [yaml()] : []),
        theme,
        EditorState.readOnly.of(file.readOnly),
        EditorView.contentAttributes.of({ 'aria-label': `Text of ${file.path}` }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed();
        }),
        keymap.of([
          {
            key: 'Mod-s',
            preventDefault: true,
            run: () => {
              save();
              return true;
            },
          },
          ...searchKeymap,
          ...historyKeymap,
          indentWithTab,
          ...defaultKeymap,
        ]),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
