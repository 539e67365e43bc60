/** better-sqlite3 13 is built against this version of Node-API; an older Node crashes when it loads it. */
const REQUIRED_NODE_API = 10;

/**
 * What is wrong with this Node, as one sentence for the person at the terminal; null when it will do.
 *
 * Load this before anything that loads better-sqlite3: on an older Node the database ends the process with a
 * segmentation fault instead of an error.
 *
 * @param {{ node: string, napi?: string | undefined }} versions `process.versions`, or a stand-in
 * @returns {string | null}
 */
export function nodeProblem(versions = process.versions) {
  if (Number(versions.napi) >= REQUIRED_NODE_API) {
    return null;
  }
  return (
    `Signalbox cannot run on this Node ${versions.node}: its database (better-sqlite3 13) needs Node-API ` +
    `${REQUIRED_NODE_API}, which is Node 22.14 or newer. Install a newer Node; in a checkout of the repository, ` +
    '`npm ci` brings one, which the npm scripts and node_modules/.bin/node use.'
  );
}
