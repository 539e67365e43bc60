import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartTrouble } from './part-reports.ts';
import type { OwnStart, StartAtLogin } from './start-at-login.ts';

/** By this line a file is known as ours. */
const mark = 'X-Signalbox-Autostart=true';

export interface AutostartDependencies {
  /** XDG_CONFIG_HOME, or what stands for it; absolute. */
  readonly configFolder: string;
  readonly start: OwnStart;
  /** Null: the usual one. */
  readonly dataFolder: string | null;
}

/** Where the person's own configuration is. A relative XDG_CONFIG_HOME is to be ignored (XDG Base Directory). */
export function configFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(home, '.config');
}

/**
 * Starts Signalbox at login by the desktops' own convention, a file in `autostart`. One data folder has one file; files
 * of others are never touched, and one of ours that a person switched off in the desktop's settings stays as it is.
 */
export function startAtLoginOnLinux({ configFolder, start, dataFolder }: AutostartDependencies): StartAtLogin {
  const folder = join(configFolder, 'autostart');
  const path = join(folder, autostartName(dataFolder));
  return (isWanted) => {
    try {
      const there = readIfAny(path);
      if (there !== null && !isOurs(there)) return isWanted ? foreign(path) : null;
      if (isWanted && there !== null && hasLine(there, execLine(start))) return disabledTrouble(there, path);
      if (isWanted) replaceFile(folder, path, autostartText(start));
      else if (there !== null) rmSync(path);
      return null;
    } catch (error) {
      return notWritten(path, error instanceof Error ? error.message : String(error));
    }
  };
}

/** @param dataFolder null: the usual one. */
export function autostartName(dataFolder: string | null): string {
  if (dataFolder === null) return 'signalbox.desktop';
  return `signalbox-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 8)}.desktop`;
}

/** The file, by the Desktop Entry and the Desktop Application Autostart Specifications. */
export function autostartText(start: OwnStart): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.5',
    'Name=Signalbox',
    'Comment=Carries on with the work of your agents',
    execLine(start),
    'Icon=signalbox',
    'Terminal=false',
    'StartupNotify=false',
    'X-GNOME-Autostart-enabled=true',
    mark,
    '',
  ].join('\n');
}

function execLine({ program, args }: OwnStart): string {
  return `Exec=${[program, ...args].map(quoteForExec).join(' ')}`;
}

/** Characters with which a word has to stand in quotation marks (Desktop Entry Specification, "The Exec key"). */
const reserved = /[\s"'\\><~|&;$*?#()`%]/;

/**
 * A word of the key Exec. In quotation marks four characters are escaped; a per cent sign is doubled; and as every text
 * of such a file, it has its backslashes doubled, and no line ends.
 */
function quoteForExec(word: string): string {
  if (word !== '' && !reserved.test(word)) return word;
  const quoted = `"${word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
  return quoted.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r');
}

function readIfAny(path: string): string | null {
  try {
    // A link leads to somebody else's file.
    return lstatSync(path).isFile() ? readFileSync(path, 'utf8') : '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isOurs(text: string): boolean {
  return hasLine(text, mark);
}

function hasLine(text: string, line: string): boolean {
  return text.split('\n').includes(line);
}

/** A desktop that switches a program off writes so into its file. */
function disabledTrouble(text: string, path: string): PartTrouble {
  if (!hasLine(text, 'Hidden=true') && !hasLine(text, 'X-GNOME-Autostart-enabled=false')) return null;
  return {
    message: `Signalbox is not started at login: it was switched off in ${path}.`,
    remedy: "Switch it on in the desktop's settings, or remove the file and save the settings of Signalbox again.",
  };
}

/** The whole file or none of it, whatever happens meanwhile. */
function replaceFile(folder: string, path: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  const beside = `${path}.${process.pid}.saving`;
  try {
    writeFileSync(beside, text, { mode: 0o644 });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function foreign(path: string): PartTrouble {
  return {
    message: `Signalbox is not started at login: ${path} is there already, and not from Signalbox.`,
    remedy: 'Move the file away, and switch "start at login" off and on again.',
  };
}

function notWritten(path: string, reason: string): PartTrouble {
  return {
    message: `Whether Signalbox starts at login could not be changed: ${path}: ${reason}.`,
    remedy: 'Make the folder writable, and switch "start at login" off and on again.',
  };
}
