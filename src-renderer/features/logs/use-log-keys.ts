import type { KeyboardEvent } from 'react';
import { useCallback } from 'react';
import { useShortcut } from '../../ui/keyboard.ts';
import type { LogModel } from './log-model.ts';
import { rowPx } from './log-model.ts';
import { useLogPreferences } from './log-preferences.ts';
import type { LogSearchControls } from './use-log-search.ts';

const group = 'Logs';
/** How far the arrows move to the side, px. */
const acrossPx = 48;

/**
 * The keyboard of a log view: letters work wherever nobody types, the rest when the lines have the focus.
 *
 * @returns to be called with keys pressed inside of the view
 */
export function useLogKeys(parts: {
  readonly model: LogModel;
  readonly search: LogSearchControls;
  readonly focusSearch: () => void;
  readonly copy: () => void;
}): (event: KeyboardEvent<HTMLElement>) => void {
  const { model, search, focusSearch, copy } = parts;
  useShortcut('/', 'Search in the log', focusSearch, { group });
  useShortcut('f', 'Follow the end, or stop to', () => model.follow(!model.isFollowing), { group });
  useShortcut('w', 'Wrap long lines', toggleWrap, { group });
  useShortcut('e', 'First error', search.goToFirstError, { group });

  return useCallback(
    (event) => {
      if (takeAnywhere(event, search, focusSearch)) return event.preventDefault();
      const lines = event.target instanceof Element ? event.target.closest('[data-log-lines]') : null;
      if (lines === null) return;
      const isTaken = takeInLines(event, model, lines, copy) || takeLetter(event, model, search, focusSearch);
      if (isTaken) event.preventDefault();
    },
    [model, search, focusSearch, copy],
  );
}

function toggleWrap(): void {
  useLogPreferences.setState(({ wrap }) => ({ wrap: !wrap }));
}

function takeAnywhere(event: KeyboardEvent, search: LogSearchControls, focusSearch: () => void): boolean {
  if (event.key === 'F3') {
    search.go(event.shiftKey ? 'previous' : 'next');
    return true;
  }
  if (isCommand(event, 'f')) {
    focusSearch();
    return true;
  }
  return false;
}

/** The letters once more: inside of a dialog those of the window do not work. */
function takeLetter(
  event: KeyboardEvent,
  model: LogModel,
  search: LogSearchControls,
  focusSearch: () => void,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const actions: Readonly<Record<string, () => void>> = {
    '/': focusSearch,
    f: () => model.follow(!model.isFollowing),
    w: toggleWrap,
    e: search.goToFirstError,
  };
  const action = actions[event.key];
  action?.();
  return action !== undefined;
}

function takeInLines(event: KeyboardEvent, model: LogModel, lines: Element, copy: () => void): boolean {
  if (isCommand(event, 'c') && model.selection !== null) {
    copy();
    return true;
  }
  if (isCommand(event, 'a')) {
    selectAll(model);
    return true;
  }
  if (event.altKey || ((event.ctrlKey || event.metaKey) && event.key !== 'Home' && event.key !== 'End')) return false;
  return move(event.key, model, lines);
}

function move(key: string, model: LogModel, lines: Element): boolean {
  const page = Math.max(rowPx, lines.clientHeight - rowPx);
  switch (key) {
    case 'ArrowUp':
      model.moveBy(-rowPx);
      return true;
    case 'ArrowDown':
      model.moveBy(rowPx);
      return true;
    case 'PageUp':
      model.moveBy(-page);
      return true;
    case 'PageDown':
    case ' ':
      model.moveBy(page);
      return true;
    case 'Home':
      model.moveTo(0);
      return true;
    case 'End':
      model.follow(true);
      return true;
    case 'ArrowLeft':
      lines.scrollLeft -= acrossPx;
      return true;
    case 'ArrowRight':
      lines.scrollLeft += acrossPx;
      return true;
    case 'Escape':
      if (model.selection === null) return false;
      model.select(null);
      return true;
    default:
      return false;
  }
}

function selectAll(model: LogModel): void {
  const last = model.place(model.rows - 1);
  if (last === null) return;
  model.select({
    anchor: { source: 0, line: 1, offset: 0 },
    head: { ...last, offset: Number.POSITIVE_INFINITY },
  });
}

function isCommand(event: KeyboardEvent, key: string): boolean {
  return (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === key;
}
