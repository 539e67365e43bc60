import { useReactFlow } from '@xyflow/react';
import type { KeyboardEvent } from 'react';
import { useCallback } from 'react';
import type { Drawing } from './fold-columns.ts';
import { block } from './placement.ts';
import { isWalkKey, walkFrom } from './walk-stages.ts';

/**
 * Arrow keys lead from block to block, and bring what they lead to into sight. A block's button has its name as
 * `data-stage`.
 * @param onFocus told the name of the block that was led to.
 */
export function useWalk(
  frame: { readonly current: HTMLDivElement | null },
  drawing: Drawing | null,
  onFocus: (name: string) => void,
) {
  const flow = useReactFlow();
  return useCallback(
    (event: KeyboardEvent) => {
      const from = event.target instanceof HTMLElement ? event.target.dataset.stage : undefined;
      if (from === undefined || drawing === null || !isWalkKey(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      const to = walkFrom(drawing, from, event.key);
      const corner = to === null ? undefined : drawing.blocks.get(to);
      if (to === null || corner === undefined) return;
      onFocus(to);
      const button = frame.current?.querySelector<HTMLElement>(`[data-stage="${CSS.escape(to)}"]`);
      // The browser would scroll the frame, whose sight is the graph's own to move.
      button?.focus({ preventScroll: true });
      if (button !== null && button !== undefined && isOutside(button, frame.current)) {
        const middle = { x: corner.x + block.width / 2, y: corner.y + block.height / 2 };
        void flow.setCenter(middle.x, middle.y, { zoom: flow.getZoom() });
      }
    },
    [drawing, flow, frame, onFocus],
  );
}

function isOutside(element: HTMLElement, frame: HTMLElement | null): boolean {
  const [inner, outer] = [element.getBoundingClientRect(), frame?.getBoundingClientRect()];
  if (outer === undefined) return false;
  return inner.left < outer.left || inner.right > outer.right || inner.top < outer.top || inner.bottom > outer.bottom;
}
