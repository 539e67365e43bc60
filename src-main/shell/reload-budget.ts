/** How often a window whose page died is loaded again, before a person is asked. */
const maxReloads = 3;
const withinMs = 60_000;

/** Says whether a page that died may be loaded again now; a page that dies at once every time must not do so for ever. */
export function createReloadBudget(monotonic: () => number): () => boolean {
  let reloads: number[] = [];
  return () => {
    const now = monotonic();
    reloads = reloads.filter((at) => now - at < withinMs);
    if (reloads.length >= maxReloads) return false;
    reloads.push(now);
    return true;
  };
}
