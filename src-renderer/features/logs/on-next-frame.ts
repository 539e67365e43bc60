/** How long a hidden window, which draws no frames, waits, in ms. */
const hiddenMs = 500;

/** Calls back once, before the next frame is drawn. @returns stops it */
export function onNextFrame(callback: () => void): () => void {
  const stop = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timeout);
  };
  const once = () => {
    stop();
    callback();
  };
  const frame = requestAnimationFrame(once);
  const timeout = setTimeout(once, hiddenMs);
  return stop;
}
