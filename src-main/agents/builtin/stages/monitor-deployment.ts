import { join } from 'node:path';
import type { RunningServer } from '../application-server.ts';
import { withServer } from '../application-server.ts';
import { findRecipes } from '../calculator/operation-catalogue.ts';
import { readSpecification } from '../calculator/specification.ts';
import { LocalEnvironment } from '../local-environment.ts';
import { percentile } from '../percentile.ts';
import { fatal } from '../stage-failure.ts';
import type { StageContext, StageWork } from '../stage-work.ts';

const DEFAULT_PROBES = 50;
const MOST_PROBES = 10_000;

/**
 * app/monitoring: starts what was deployed and probes it; `probes` in the stage's `with` block says how often
 * (50 unless given, 1 to 10,000).
 * Outputs: `version`, `probes`, `errors` (counts), `errorRate` (0 to 1), `p50Ms`, `p95Ms` (time of a probe).
 * A probe that fails is a result, not a failure of the stage: its gate decides about it.
 */
export const monitorDeployment: StageWork = async (context) => {
  const { report, children, signal, workspace } = context;
  const deployed = await new LocalEnvironment(workspace).current();
  if (deployed === undefined) {
    throw fatal(
      'There is nothing to watch',
      `nothing was deployed below ${join(workspace, 'environments')}`,
      'Run the stage "deployment" first',
    );
  }
  const { name, operations } = await readSpecification(deployed.folder);
  const probes = probeCount(context);
  await report.think(`I start the deployed ${name} ${deployed.version} and probe it ${probes} times.`);
  const title = `Probe ${name} ${deployed.version}`;
  const { times, errors } = await report.action({ title, kind: 'execute', paths: [deployed.folder] }, (addOutput) =>
    withServer(children, deployed.folder, name, signal, async (server) => {
      const measured = await probe(server, planProbes(operations), probes, signal);
      addOutput(`${probes} probes, ${measured.errors} errors`);
      return measured;
    }),
  );
  const outputs = {
    version: deployed.version,
    probes,
    errors,
    errorRate: errors / probes,
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
  };
  await report.say(
    `${errors} of ${probes} probes failed; half took at most ${outputs.p50Ms} ms, 95 % at most ${outputs.p95Ms} ms.`,
  );
  return outputs;
};

function probeCount({ task }: StageContext): number {
  const probes = task.config.probes ?? DEFAULT_PROBES;
  if (typeof probes !== 'number' || !Number.isInteger(probes) || probes < 1 || probes > MOST_PROBES) {
    throw fatal(
      'The deployment cannot be probed',
      `"probes" is ${JSON.stringify(probes)}, not a whole number from 1 to ${MOST_PROBES}`,
      'Mend the stage in the workflow',
    );
  }
  return probes;
}

/** The health page, then one call of each operation. */
function planProbes(operations: readonly string[]): [string, ...string[]] {
  const calls = findRecipes(operations).flatMap(({ name, parameters, examples }) =>
    examples
      .slice(0, 1)
      .map(
        ({ values }) => `/${name}?${parameters.map((parameter, index) => `${parameter}=${values[index]}`).join('&')}`,
      ),
  );
  return ['/health', ...calls];
}

async function probe(
  server: RunningServer,
  paths: [string, ...string[]],
  count: number,
  signal: AbortSignal,
): Promise<{ times: number[]; errors: number }> {
  const times: number[] = [];
  let errors = 0;
  for (let index = 0; index < count; index += 1) {
    const answer = await server.call(paths[index % paths.length] ?? paths[0]).catch(() => undefined);
    signal.throwIfAborted();
    if (answer?.status === 200) {
      times.push(answer.durationMs);
    } else {
      errors += 1;
    }
  }
  return { times, errors };
}
