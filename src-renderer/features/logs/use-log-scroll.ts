import type { RefObject } from 'react';
import { useEffect } from 'react';
import type { LogModel } from './log-model.ts';
import { rowPx } from './log-model.ts';

/**
 * Moves by wheel and by scroll bar. A turn of the wheel is a number of px of the log, not of the bar, which may stand
 * for far more; only what a person does to the bar itself is read from it.
 *
 * @param moved the position of the bar that was set last, px
 */
export function useLogScroll(model: LogModel, scroller: RefObject<HTMLElement | null>, moved: RefObject<number>): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;

    function turn(event: WheelEvent): void {
      if (element === null || event.ctrlKey) return;
      event.preventDefault();
      const unit = [1, rowPx, element.clientHeight][event.deltaMode] ?? 1;
      const isSideways = event.shiftKey && event.deltaX === 0;
      const across = (isSideways ? event.deltaY : event.deltaX) * unit;
      if (across !== 0) element.scrollLeft += across;
      if (!isSideways && event.deltaY !== 0) model.moveBy(event.deltaY * unit);
    }

    function scroll(): void {
      if (element === null) return;
      element.dataset.across = element.scrollLeft > 0 ? 'yes' : 'no';
      if (Math.abs(element.scrollTop - moved.current) < 1) return;
      moved.current = element.scrollTop;
      model.moveTo(model.scale.toTop(element.scrollTop));
    }

    element.addEventListener('wheel', turn, { passive: false });
    element.addEventListener('scroll', scroll, { passive: true });
    return () => {
      element.removeEventListener('wheel', turn);
      element.removeEventListener('scroll', scroll);
    };
  }, [model, scroller, moved]);
}
