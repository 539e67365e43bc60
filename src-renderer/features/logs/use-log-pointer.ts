import type { RefObject } from 'react';
import { useEffect } from 'react';
import type { LogModel } from './log-model.ts';
import { rowPx } from './log-model.ts';
import type { TextPlace } from './log-selection.ts';
import { comparePlaces, wordAt } from './log-selection.ts';
import { plainText } from './printed-text.ts';

/**
 * Selects with the pointer. The browser's own selection ends where the drawn rows end, so the view keeps its own, by
 * lines and characters; it goes on while the rows move under it.
 */
export function useLogPointer(
  model: LogModel,
  scroller: RefObject<HTMLElement | null>,
  rows: RefObject<HTMLElement | null>,
  onExpand: (row: number) => void,
): void {
  useEffect(() => {
    const element = scroller.current;
    const list = rows.current;
    if (element === null || list === null) return;
    return selectWithPointer({ model, element, list, onExpand });
  }, [model, scroller, rows, onExpand]);
}

interface PointerParts {
  readonly model: LogModel;
  readonly element: HTMLElement;
  readonly list: HTMLElement;
  readonly onExpand: (row: number) => void;
}

function selectWithPointer({ model, element, list, onExpand }: PointerParts): () => void {
  let isSelecting = false;
  let pointer = { x: 0, y: 0 };
  let frame = 0;

  function down(event: PointerEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    if (event.button !== 0 || target === null || !list.contains(target) || target.closest('a') !== null) return;
    // The browser must not begin a selection of its own.
    event.preventDefault();
    element.focus({ preventScroll: true });
    const expand = target.closest('[data-expand]')?.getAttribute('data-expand');
    if (expand != null) {
      onExpand(Number(expand));
      return;
    }
    pointer = { x: event.clientX, y: event.clientY };
    const place = placeAt(model, element, list, pointer);
    if (place === null) return;
    const anchor = event.shiftKey ? (model.selection?.anchor ?? place) : place;
    model.select({ anchor, head: place });
    isSelecting = true;
    element.setPointerCapture(event.pointerId);
    frame = requestAnimationFrame(drag);
  }

  function move(event: PointerEvent): void {
    if (isSelecting) pointer = { x: event.clientX, y: event.clientY };
  }

  /** Once per frame: goes on selecting, and moves the rows when the pointer is beyond an edge. */
  function drag(): void {
    if (!isSelecting) return;
    const { top, bottom } = element.getBoundingClientRect();
    const beyond = Math.min(0, pointer.y - top) + Math.max(0, pointer.y - bottom);
    if (beyond !== 0) model.moveBy(Math.sign(beyond) * Math.min(Math.abs(beyond) / 2, 20 * rowPx));
    const { selection } = model;
    const head = placeAt(model, element, list, pointer);
    if (selection !== null && head !== null && comparePlaces(selection.head, head) !== 0) {
      model.select({ ...selection, head });
    }
    frame = requestAnimationFrame(drag);
  }

  function up(): void {
    isSelecting = false;
    cancelAnimationFrame(frame);
  }

  function twice(event: MouseEvent): void {
    const place = placeAt(model, element, list, { x: event.clientX, y: event.clientY });
    const line = place === null ? undefined : model.line(place);
    if (place === null || line === undefined) return;
    const whole = { from: 0, to: Number.POSITIVE_INFINITY };
    const { from, to } = event.detail >= 3 ? whole : wordAt(plainText(line.text), place.offset);
    model.select({ anchor: { ...place, offset: from }, head: { ...place, offset: to } });
  }

  function click(event: MouseEvent): void {
    if (event.detail >= 2) twice(event);
  }

  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('click', click);
  return () => {
    up();
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('click', click);
  };
}

/** The place between two characters that is nearest to a point. Null when there is no line. */
function placeAt(
  model: LogModel,
  element: HTMLElement,
  list: HTMLElement,
  { x, y }: { readonly x: number; readonly y: number },
): TextPlace | null {
  const area = element.getBoundingClientRect();
  const inside = Math.min(Math.max(y, area.top + 1), area.top + element.clientHeight - 1);
  const row =
    [...list.children].find((child) => child.getBoundingClientRect().bottom > inside) ?? list.lastElementChild;
  const text = row?.querySelector('[data-text]') ?? null;
  const place = model.place(Number(row?.getAttribute('data-row') ?? 0));
  if (row === null || place === null) return null;
  if (text === null) return { ...place, offset: 0 };
  const length = plainText(model.line(place)?.text ?? '').length;
  const { left } = text.getBoundingClientRect();
  if (x <= Math.max(left, area.left)) return { ...place, offset: 0 };
  const caret = document.caretPositionFromPoint(Math.min(x, area.left + element.clientWidth - 2), inside);
  const piece = caret?.offsetNode.parentElement?.closest('[data-from]') ?? null;
  if (caret === null || piece === null || !text.contains(piece)) return { ...place, offset: length };
  const offset = Number(piece.getAttribute('data-from')) + caret.offset;
  return { ...place, offset: Math.min(offset, length) };
}
