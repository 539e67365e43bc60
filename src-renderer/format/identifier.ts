/** How many of an identifier's last characters tell it from its neighbours. */
const shownLength = 8;

/** The short form of an identifier: `run_01j…` becomes `run_…4f7h2k9q`'s end; chosen names stay as they are. */
export function shortIdentifier(id: string): string {
  const [, prefix, rest] = /^(run|task|attempt|approval|permission|rule)_([0-9a-z]{26})$/.exec(id) ?? [];
  if (rest !== undefined && prefix !== undefined) return rest.slice(-shownLength);
  return id.length > 40 ? id.slice(0, 12) : id;
}
