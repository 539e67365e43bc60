/** The version (x.y.z) after a change: `minor` for a new operation, `patch` for a repair. */
export function nextVersion(version: string, change: 'minor' | 'patch'): string {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return change === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}
