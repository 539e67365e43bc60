/** Where the key of the local API is, in a data folder. */
export function apiKeyPath(dataFolder: string): string {
  const separator = dataFolder.includes('\\') ? '\\' : '/';
  return `${dataFolder}${dataFolder.endsWith(separator) ? '' : separator}api-token`;
}

/** What asks the engine for its state in a terminal, with the key from its file. */
export function exampleCall(keyPath: string, address: string): string {
  return `curl -H "Authorization: Bearer $(cat ${shellQuoted(keyPath)})" -H 'Content-Type: application/json' -d '{}' ${address}/api/getStatus`;
}

/** A path as one word of a shell. */
function shellQuoted(path: string): string {
  return /^[\w@%+:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
