import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxOutputsBytes, readOutputs } from '../../../src-main/agents/outputs-file.ts';
import { makeFolder, removeFolder } from '../../support/temporary-folder.ts';

let folder: string;
beforeAll(() => {
  folder = makeFolder();
});
afterAll(() => removeFolder(folder));

let files = 0;
async function read(content: string | Uint8Array, required: string[] = []) {
  files += 1;
  const path = join(folder, `${files}.json`);
  await writeFile(path, content);
  return readOutputs(path, required);
}

async function failureOf(content: string | Uint8Array, required: string[] = []): Promise<string> {
  const outputs = await read(content, required);
  if (outputs.ok) throw new Error('These outputs were accepted');
  expect(outputs.error).toMatchObject({ category: 'outputs', class: 'unknown' });
  return outputs.error.message;
}

describe('the outputs file', () => {
  it('is read as it was written, nested and in every script', async () => {
    const value = { nested: { list: [1, 2.5, null, true] }, text: 'Ümläut 漢字 🚦', date: '2026-01-01T00:00:00Z' };
    expect(await read(JSON.stringify(value))).toEqual({ ok: true, value });
  });

  it('means no outputs when it is missing', async () => {
    expect(await readOutputs(join(folder, 'nowhere.json'), [])).toEqual({ ok: true, value: {} });
  });

  it('names everything that was required and is not there', async () => {
    expect(await failureOf('{"report":1}', ['report', 'coverage', 'errors'])).toContain('"coverage", "errors"');
    expect(await failureOf('{}', ['coverage'])).toContain('required output "coverage"');
  });

  it('may not be anything but a JSON object in UTF-8', async () => {
    expect(await failureOf('[1,2]')).toContain('does not hold a JSON object');
    expect(await failureOf('"text"')).toContain('does not hold a JSON object');
    expect(await failureOf('{"answer": "brok')).toContain('is not JSON');
    expect(await failureOf('')).toContain('is not JSON');
    expect(await failureOf(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]))).toContain('is not JSON');
  });

  it('may have at most 4 MiB', async () => {
    expect(await failureOf(' '.repeat(maxOutputsBytes + 1))).toContain(`${maxOutputsBytes + 1} bytes`);
  });

  it.skipIf(process.platform === 'win32')('I10 follows no link, and does not wait at a pipe', async () => {
    const link = join(folder, 'link.json');
    await symlink('/etc/hostname', link);
    expect(await readOutputs(link, [])).toMatchObject({ ok: false, error: { category: 'outputs' } });
    const pipe = join(folder, 'pipe.json');
    execFileSync('/bin/sh', ['-c', 'mkfifo "$1"', 'sh', pipe]);
    expect(await readOutputs(pipe, [])).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('ordinary') },
    });
    expect(await readOutputs(folder, [])).toMatchObject({ ok: false });
  });
});
