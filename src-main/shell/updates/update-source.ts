/** What tells how this Signalbox came onto the machine. */
export interface Installation {
  readonly isPackaged: boolean;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the packager wrote into `resources/package-type`; null: nothing. */
  readonly packageType: string | null;
  /** The program that runs. */
  readonly execPath: string;
  readonly isWindowsStore: boolean;
}

/** Who brings newer versions; `said` is for a person, and null when Signalbox does it itself. */
export type UpdateSource =
  | { readonly kind: 'self'; readonly said: null }
  | { readonly kind: 'others'; readonly said: string };

const self: UpdateSource = { kind: 'self', said: null };

/**
 * Whether this Signalbox may replace itself. What a package manager has put there belongs to it: replaced behind its
 * back it would be neither the one nor the other version.
 */
export function updateSource(installation: Installation): UpdateSource {
  if (!installation.isPackaged) return others('This Signalbox runs from its sources: bring them up to date.');
  switch (installation.platform) {
    case 'linux':
      return sourceOnLinux(installation);
    case 'darwin':
      return sourceOnMac(installation);
    case 'win32':
      return sourceOnWindows(installation);
    default:
      return others('There are no updates for this system: install a newer version as you did this one.');
  }
}

function sourceOnLinux({ env, packageType }: Installation): UpdateSource {
  if (env.SNAP !== undefined) return others('Updates come with Snap.');
  if (env.FLATPAK_ID !== undefined) return others('Updates come with Flatpak.');
  // An AppImage may be started from within anything; a package says so itself.
  if (packageType !== null && packageType !== 'AppImage') return others("Updates come with your system's packages.");
  if (env.APPIMAGE !== undefined) return self;
  return others('This Signalbox was unpacked into a folder: put a newer version in its place.');
}

function sourceOnMac({ execPath }: Installation): UpdateSource {
  const isBorrowed = execPath.startsWith('/Volumes/') || execPath.includes('/AppTranslocation/');
  return isBorrowed ? others('Move Signalbox into the folder Applications first; then it can be updated.') : self;
}

function sourceOnWindows({ env, isWindowsStore }: Installation): UpdateSource {
  if (isWindowsStore) return others('Updates come with the Microsoft Store.');
  if (env.PORTABLE_EXECUTABLE_DIR !== undefined) {
    return others('This Signalbox was not installed: put a newer version in its place.');
  }
  return self;
}

function others(said: string): UpdateSource {
  return { kind: 'others', said };
}
