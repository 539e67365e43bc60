import { useLayoutEffect, useState } from 'react';

/** The size of an element, rounded so that a pixel more does not lay everything out anew; null before it is known. */
export function useSize(element: { readonly current: HTMLElement | null }) {
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver(() => {
      const [width, height] = [round(current.clientWidth), round(current.clientHeight)];
      if (width > 0 && height > 0)
        setSize((before) => (before?.width === width && before.height === height ? before : { width, height }));
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

const step = 16;
const round = (pixels: number) => Math.floor(pixels / step) * step;
