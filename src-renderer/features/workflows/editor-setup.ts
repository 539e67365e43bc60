import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import type { Diagnostic } from '@codemirror/lint';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import type { Extension, Text } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Problem } from '../../../src-main/contract/errors.ts';

/** Colours of the tokens; few, because the colours of states mean states. */
const highlight = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--accent)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], fontWeight: '600' },
  { tag: [tags.punctuation, tags.separator, tags.meta, tags.squareBracket, tags.brace], color: 'var(--muted)' },
]);

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  // A text that is edited shows its characters, not the signs that a face joins them to.
  '.cm-scroller': {
    fontFamily: 'var(--face-mono)',
    fontVariantLigatures: 'none',
    lineHeight: '1.55',
    overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--text)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--muted)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--hover) 55%, transparent)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)',
  },
  '.cm-selectionMatch, .cm-searchMatch': { backgroundColor: 'var(--accent-soft)' },
  '.cm-template': { backgroundColor: 'var(--accent-soft)', borderRadius: '3px' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)', borderColor: 'var(--line)' },
  '.cm-panel input, .cm-panel button': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    background: 'var(--surface)',
    color: 'var(--text)',
    fontFamily: 'var(--face)',
  },
  '.cm-tooltip': { border: '1px solid var(--line-strong)', backgroundColor: 'var(--raised)', color: 'var(--text)' },
  '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'var(--face)', maxWidth: '460px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--failed)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--waiting)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--failed)' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--waiting)' },
  // The editor's own marks are pictures in colours of their own.
  '.cm-lint-marker': { content: 'normal', textAlign: 'center', fontSize: '11px' },
  '.cm-lint-marker-error': { content: 'normal', color: 'var(--failed)', fontWeight: '700' },
  '.cm-lint-marker-error::before': { content: '"✕"' },
  '.cm-lint-marker-warning': { content: 'normal', color: 'var(--waiting)' },
  '.cm-lint-marker-warning::before': { content: '"◆"' },
});

const templateMatcher = new MatchDecorator({
  regexp: /\$\{\{.*?\}\}/g,
  decoration: Decoration.mark({ class: 'cm-template' }),
});
/** Marks `${{ … }}`, which YAML knows nothing of. */
const templates = ViewPlugin.define(
  (view) => {
    let marks = templateMatcher.createDeco(view);
    return {
      update: (update) => {
        marks = templateMatcher.updateDeco(update, marks);
      },
      get marks() {
        return marks;
      },
    };
  },
  { decorations: (plugin) => plugin.marks },
);

/** Everything the editor can do but being read-only and its label. Tab goes on to the next control, as elsewhere. */
export const editorSetup: Extension = [
  lineNumbers(),
  lintGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of('  '),
  bracketMatching(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  search({ top: true }),
  keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap]),
  yaml(),
  syntaxHighlighting(highlight),
  templates,
  theme,
  EditorView.lineWrapping,
];

/** Where a finding's line and column are in a text; past the end of either it is the end. */
export function offsetOf(text: Text, { line, column }: Pick<Problem, 'line' | 'column'>): number {
  const { from, to } = text.line(Math.min(Math.max(1, line), text.lines));
  return Math.min(from + Math.max(0, column - 1), to);
}

/** Findings as the editor marks them: the word they point at, or all of the line where there is none. */
export function diagnosticsOf(text: Text, problems: readonly Problem[]): Diagnostic[] {
  return problems.map(({ severity, message, line, column }) => {
    const from = offsetOf(text, { line, column });
    const { from: start, to: end } = text.lineAt(from);
    const word = /^[^\s,:[\]{}]+/.exec(text.sliceString(from, end))?.[0].length ?? 0;
    return { severity, message, from: word === 0 ? start : from, to: word === 0 ? end : from + word };
  });
}
