import { readFileSync, writeFileSync } from 'node:fs';

/** A rectangle of the desktop, in device-independent pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How the window was left. */
export interface WindowState {
  /** Of the window when it is not maximised. */
  readonly bounds: Bounds;
  readonly isMaximized: boolean;
}

/** How a window is opened; without a place the system chooses one. */
export interface Placement {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
  readonly isMaximized: boolean;
}

export const minimalSize = { width: 1024, height: 640 } as const;
const usualSize = { width: 1280, height: 800 } as const;
/** So much of the window's upper edge has to be on a display, or nobody can take hold of it. */
const grip = { width: 120, height: 32 } as const;

/**
 * Where a window goes: where it was left, if a person can still reach it there; never larger than its display.
 * @param workAreas of the displays that there are now, without task bars; the first is the main one.
 */
export function placeWindow(state: WindowState | null, workAreas: readonly Bounds[]): Placement {
  const main = workAreas[0];
  const home = state === null ? undefined : workAreas.find((area) => isInReach(state.bounds, area));
  if (state === null || home === undefined) {
    const isMaximized = state?.isMaximized ?? false;
    return { ...(main === undefined ? usualSize : fitSize(usualSize, main)), isMaximized };
  }
  const { x, y } = state.bounds;
  return { ...fitSize(state.bounds, home), x, y, isMaximized: state.isMaximized };
}

function isInReach(bounds: Bounds, area: Bounds): boolean {
  const right = Math.min(bounds.x + bounds.width, area.x + area.width);
  const visibleWidth = right - Math.max(bounds.x, area.x);
  const isTopVisible = bounds.y >= area.y && bounds.y + grip.height <= area.y + area.height;
  return visibleWidth >= grip.width && isTopVisible;
}

function fitSize(size: Pick<Bounds, 'width' | 'height'>, area: Bounds): Pick<Bounds, 'width' | 'height'> {
  return { width: Math.min(size.width, area.width), height: Math.min(size.height, area.height) };
}

/** @returns null when there is no such file, or when what it says is no window. */
export function readWindowState(path: string): WindowState | null {
  try {
    return parseWindowState(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

/** Where a window was is worth no complaint: a disk that takes nothing is told of elsewhere. */
export function writeWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(path, JSON.stringify(state));
  } catch {
    // The window opens at its usual place next time.
  }
}

function parseWindowState(value: unknown): WindowState | null {
  const { bounds, isMaximized } = fieldsOf(value);
  const { x, y, width, height } = fieldsOf(bounds);
  const isPlace = [x, y, width, height].every((part) => Number.isSafeInteger(part));
  if (!isPlace || typeof isMaximized !== 'boolean') return null;
  const size = { width: Number(width), height: Number(height) };
  if (size.width < minimalSize.width || size.height < minimalSize.height) return null;
  return { bounds: { x: Number(x), y: Number(y), ...size }, isMaximized };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
