import { describe, expect, test } from 'vitest';
import { windowsCommand } from '../../../src-main/agents/host/windows-command.ts';

const env = { Path: 'C:\\bin;C:\\npm', PATHEXT: '.EXE;.CMD', COMSPEC: 'C:\\Windows\\cmd.exe' };

function command(argv: readonly string[], ...files: readonly string[]) {
  return windowsCommand({ argv, env, exists: (path) => files.includes(path) });
}

describe('A command on Windows', () => {
  test('is started as it is when it is a program', () => {
    expect(command(['node', 'a b', '"'], 'C:\\bin\\node.exe')).toEqual({
      file: 'C:\\bin\\node.exe',
      args: ['a b', '"'],
      verbatim: false,
    });
    expect(command(['missing'])).toEqual({ file: 'missing', args: [], verbatim: false });
    expect(command(['C:\\tools\\x.exe', '1'], 'C:\\tools\\x.exe')?.file).toBe('C:\\tools\\x.exe');
  });

  test('goes through the command interpreter when it is a shim of npm, with nothing left that it could act on', () => {
    const found = command(['npx', 'a b', '%PATH%', 'x" & calc "', 'end\\'], 'C:\\npm\\npx.cmd');
    expect(found?.file).toBe('C:\\Windows\\cmd.exe');
    expect(found?.verbatim).toBe(true);
    expect(found?.args.slice(0, 3)).toEqual(['/d', '/s', '/c']);
    const line = found?.args[3] ?? '';
    expect(line.startsWith('"C:\\npm\\npx.cmd ^^^"a^^^ b^^^" ^^^"^^^%PATH^^^%^^^"')).toBe(true);
    expect(line.slice(1, -1).replace(/\^./g, '')).not.toMatch(/[&|<>%"]/);
  });

  test('is refused when an argument for the command interpreter has a line break', () => {
    expect(command(['npx', 'a\nb'], 'C:\\npm\\npx.cmd')).toBeNull();
  });

  test('does without the variables that a system should have', () => {
    const found = windowsCommand({ argv: ['C:\\x.bat'], env: {}, exists: (path) => path === 'C:\\x.bat' });
    expect(found).toMatchObject({ file: 'cmd.exe', verbatim: true });
    expect(windowsCommand({ argv: ['y'], env: {}, exists: () => false })?.file).toBe('y');
  });
});
