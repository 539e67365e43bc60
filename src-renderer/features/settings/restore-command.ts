/** What to give in a terminal to go back to a copy; paths that a shell would take apart are quoted. */
export function restoreCommand(path: string, dataFolder: string): string {
  return `signalbox restore ${quoted(path)} --data ${quoted(dataFolder)}`;
}

function quoted(path: string): string {
  if (/^[\w@%+:,./\\-]+$/.test(path)) return path;
  // Windows has no single quotes, and its paths no double ones.
  return path.includes('\\') ? `"${path}"` : `'${path.replaceAll("'", "'\\''")}'`;
}
