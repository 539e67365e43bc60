import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative, sep } from 'node:path';
import { openApplication } from '../calculator/application.ts';
import { checkJson, checkLeftovers, checkManifest, checkRequiredFiles } from '../calculator/check-files.ts';
import type { ApplicationFiles, Finding } from '../calculator/check-finding.ts';
import { errorIn } from '../calculator/check-finding.ts';
import { checkModules } from '../calculator/check-modules.ts';
import type { StageContext, StageWork } from '../stage-work.ts';

const SKIPPED_FOLDERS = new Set(['.git', 'node_modules', 'coverage']);

/**
 * app, feature and bugfix/validation: files, syntax, modules and manifest.
 * Outputs: `errors` and `warnings` (counts), `filesChecked` (count), `findings` (severity, file, message).
 * Findings are a result, not a failure of the stage: its gate decides about them.
 */
export const validateApplication: StageWork = async (context) => {
  const { report } = context;
  const { folder, specification } = await openApplication(context);
  await report.think('I check the required files, JSON, syntax, imports and exports, leftovers and package.json.');
  const files = await report.action(
    { title: 'Read the application', kind: 'read', paths: [folder] },
    async (addOutput) => {
      const read = await readFiles(folder);
      addOutput(`${read.size} files`);
      return read;
    },
  );
  const checks = [
    checkRequiredFiles(files, specification),
    checkJson(files),
    checkLeftovers(files),
    checkManifest(files, specification),
    checkModules(files, ['src/calculate.mjs']),
    await checkSyntax(context, folder, [...files.keys()]),
  ];
  const findings = checks.flat();
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const lines = findings.map(({ severity, file, message }) => `\n${severity}: ${file}: ${message}`);
  await report.say(`${files.size} files checked: ${errors} errors, ${warnings} warnings.${lines.join('')}`);
  return { errors, warnings, filesChecked: files.size, findings };
};

async function readFiles(folder: string): Promise<ApplicationFiles> {
  const files = new Map<string, string>();
  const visit = async (current: string): Promise<void> => {
    for (const entry of await readdir(current, { withFileTypes: true })) {
      const path = join(current, entry.name);
      if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) {
        await visit(path);
      } else if (entry.isFile()) {
        files.set(relative(folder, path).split(sep).join('/'), await readFile(path, 'utf8'));
      }
    }
  };
  await visit(folder);
  return files;
}

/** Lets Node itself check every module, as many at a time as there are processors. */
async function checkSyntax(
  { report, children }: StageContext,
  folder: string,
  paths: readonly string[],
): Promise<Finding[]> {
  const waiting = paths.filter((path) => path.endsWith('.mjs'));
  const title = `node --check of ${waiting.length} files`;
  return report.action({ title, kind: 'execute', paths: [folder] }, async (addOutput) => {
    const findings: Finding[] = [];
    const checkNext = async (): Promise<void> => {
      for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
        const { exitCode, stderr } = await children.run(process.execPath, ['--check', path], { cwd: folder });
        if (exitCode !== 0) {
          const reason = stderr.split('\n').find((line) => /Error:/.test(line)) ?? 'the syntax is wrong';
          findings.push(errorIn(path, reason.trim()));
        }
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, checkNext));
    addOutput(
      findings.length === 0
        ? 'no syntax errors'
        : findings.map(({ file, message }) => `${file}: ${message}`).join('\n'),
    );
    return findings;
  });
}
