import { settingsVersion } from '../contract/settings.ts';

type Path = readonly PropertyKey[];
type Raw = Readonly<Record<string, unknown>>;

/** What one step made of a file, and what stands elsewhere now. */
interface Migrated {
  readonly raw: Raw;
  readonly moved: readonly { readonly from: Path; readonly to: Path }[];
}

/** The step at index 0 makes version 2 of version 1, and so on. Steps get what a person wrote: anything may be in it. */
const steps: readonly ((raw: Raw) => Migrated)[] = [interruptionsIntoRestart];

/** Settings in the shape of the newest version, which need not be valid. */
export interface NewestSettings {
  readonly raw: unknown;
  /** Where in the file something stands that is found at this path in the newest shape. */
  placeInFile(path: Path): Path;
}

/** Why a file's version cannot be read: it is newer than what this Signalbox knows, or it is no version. */
export type VersionFault = { readonly kind: 'newer'; readonly version: number } | { readonly kind: 'noVersion' };

/** What a settings file says, in the shape of the newest version. Nothing is written. */
export function migrateSettings(raw: unknown): NewestSettings | VersionFault {
  if (!isObject(raw)) return { raw, placeInFile: (path) => path };
  const { version = 1 } = raw;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) return { kind: 'noVersion' };
  if (version > settingsVersion) return { kind: 'newer', version };
  let migrated: Raw = raw;
  const moved: Migrated['moved'][number][] = [];
  for (const step of steps.slice(version - 1)) {
    const next = step(migrated);
    migrated = next.raw;
    moved.unshift(...next.moved);
  }
  return {
    raw: { ...migrated, version: settingsVersion },
    placeInFile: (path) => moved.reduce((place, { from, to }) => movedBack(place, from, to), path),
  };
}

function movedBack(path: Path, from: Path, to: Path): Path {
  return to.every((part, index) => path[index] === part) ? [...from, ...path.slice(to.length)] : path;
}

/** 1 to 2: `maxInterruptions` stood by itself between the sections. */
function interruptionsIntoRestart(raw: Raw): Migrated {
  const { maxInterruptions, ...rest } = raw;
  const { restart = {} } = rest;
  // What cannot be moved stays, and is named as a fault where it stands.
  const stays =
    !Object.hasOwn(raw, 'maxInterruptions') || !isObject(restart) || Object.hasOwn(restart, 'maxInterruptions');
  if (stays) return { raw, moved: [] };
  return {
    raw: { ...rest, restart: { ...restart, maxInterruptions } },
    moved: [{ from: ['maxInterruptions'], to: ['restart', 'maxInterruptions'] }],
  };
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
