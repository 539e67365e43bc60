import { setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { Problem } from '../../../src-main/contract/errors.ts';
import { diagnosticsOf, editorSetup, offsetOf } from './editor-setup.ts';
import classes from './workflows.module.css';

/** A place that the editor is asked to go to; another object is another request. */
export interface EditorTarget {
  readonly line: number;
  readonly column: number;
  /** Whether typing goes on there; otherwise the place is only shown. */
  readonly isFocused: boolean;
}

export interface SourceEditorProps {
  readonly source: string;
  readonly problems: readonly Problem[];
  readonly isReadOnly: boolean;
  /** For screen readers: "Source of app". */
  readonly label: string;
  readonly target: EditorTarget | null;
  readonly onChange?: (source: string) => void;
}

/**
 * The text of a workflow. It lives in a shadow tree, where the editor puts its style into adopted sheets: a style
 * element in the page would be refused by the page's policy.
 */
export function SourceEditor({ source, problems, isReadOnly, label, target, onChange }: SourceEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(onChange);
  useEffect(() => {
    changed.current = onChange;
  });

  useEffect(() => {
    const { current } = host;
    if (current === null) return;
    const editor = createEditor(current, (text) => changed.current?.(text));
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: access.reconfigure(accessOf(isReadOnly, label)) });
  }, [isReadOnly, label]);

  useEffect(() => {
    const { current } = view;
    if (current === null) return;
    const { doc } = current.state;
    if (doc.toString() === source) return;
    current.dispatch({ changes: { from: 0, to: doc.length, insert: source }, annotations: fromOutside.of(true) });
  }, [source]);

  useEffect(() => {
    const { current } = view;
    // A finding of a text before may point behind the end of this one; the places are clipped.
    if (current !== null) current.dispatch(setDiagnostics(current.state, diagnosticsOf(current.state.doc, problems)));
  }, [problems]);

  useEffect(() => {
    const { current } = view;
    if (current === null || target === null) return;
    const at = offsetOf(current.state.doc, target);
    current.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
    if (target.isFocused) current.focus();
  }, [target]);

  return <div ref={host} className={classes.editor} />;
}

/** A text that was given to the editor, and not typed into it. */
const fromOutside = Annotation.define<boolean>();
const access = new Compartment();

const accessOf = (isReadOnly: boolean, label: string) => [
  EditorState.readOnly.of(isReadOnly),
  EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': String(isReadOnly), tabindex: '0' }),
];

function createEditor(host: HTMLDivElement, onChange: (source: string) => void): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const editor = new EditorView({
    parent: root,
    root,
    extensions: [
      editorSetup,
      access.of(accessOf(true, 'Source')),
      EditorView.updateListener.of(({ docChanged, transactions, state }) => {
        const isOurs = transactions.some((transaction) => transaction.annotation(fromOutside) === true);
        if (docChanged && !isOurs) onChange(state.doc.toString());
      }),
    ],
  });
  // Outside of the tree a key seems to come from its host, which is no text field: shortcuts must not take it.
  editor.dom.addEventListener('keydown', (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  });
  return editor;
}
