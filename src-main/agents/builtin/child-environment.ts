/** Variables of an outer test run, or of a git command that started us, which would change what a child does. */
const FOREIGN = /^(GIT_|NODE_TEST_|NODE_OPTIONS$|NODE_V8_COVERAGE$|FORCE_COLOR$|VITEST)/;

/**
 * The environment of a child: ours, without what would redirect it, plus `extra`.
 * `ELECTRON_RUN_AS_NODE` makes the executable of the desktop application behave as plain Node.
 */
export function childEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  return { ...Object.fromEntries(inherited), ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1', ...extra };
}
