import { isDeepStrictEqual } from 'node:util';
import type { RunningServer } from '../application-server.ts';
import { withServer } from '../application-server.ts';
import { openApplication } from '../calculator/application.ts';
import { findRecipes } from '../calculator/operation-catalogue.ts';
import type { OperationRecipe } from '../calculator/operation-recipe.ts';
import { percentile } from '../percentile.ts';
import { StageFailure } from '../stage-failure.ts';
import type { StageWork } from '../stage-work.ts';

/** One call from outside and what it must bring; `body` undefined means that only the status matters. */
interface Check {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly status: number;
  readonly body?: unknown;
}

/**
 * app and feature/integration: starts the HTTP server and calls every operation, wrong input, unknown paths, health.
 * Outputs: `checks`, `passed`, `failed` (counts), `port`, `p95Ms` (time of a call). Throws when a check fails.
 */
export const integrateApplication: StageWork = async (context) => {
  const { report, children, signal } = context;
  const { folder, specification } = await openApplication(context);
  const checks = planChecks(findRecipes(specification.operations));
  await report.think(`I start the server of ${specification.name} on a free port and make ${checks.length} calls.`);
  const outputs = await report.action(
    { title: 'Call the running server', kind: 'execute', paths: [folder] },
    (addOutput) =>
      withServer(children, folder, specification.name, signal, async (server) => {
        const failures: string[] = [];
        const times: number[] = [];
        for (const check of checks) {
          const { failure, durationMs } = await runCheck(server, check);
          times.push(durationMs);
          addOutput(failure ?? `${check.method} ${check.path} → ${check.status}`);
          failures.push(...(failure === undefined ? [] : [failure]));
        }
        if (failures.length > 0) {
          throw checksFailed(checks.length, failures);
        }
        return {
          checks: checks.length,
          passed: checks.length,
          failed: 0,
          port: server.port,
          p95Ms: percentile(times, 0.95),
        };
      }),
  );
  await report.say(
    `All ${outputs.checks} calls were answered as they should; 95 % of the calls took at most ${outputs.p95Ms} ms.`,
  );
  return outputs;
};

function planChecks(recipes: readonly OperationRecipe[]): Check[] {
  return [
    { method: 'GET', path: '/health', status: 200, body: { status: 'ok' } },
    ...recipes.flatMap(checksOf),
    { method: 'GET', path: '/no-such-operation?a=1&b=2', status: 404 },
    { method: 'GET', path: '/', status: 404 },
    { method: 'POST', path: '/add?a=2&b=3', status: 405 },
  ];
}

function checksOf({ name, parameters, examples, refusals }: OperationRecipe): Check[] {
  const pathOf = (values: readonly (number | string)[]) =>
    `/${name}?${parameters.map((parameter, index) => `${parameter}=${encodeURIComponent(values[index] ?? '')}`).join('&')}`;
  return [
    ...examples.map(({ values, result }) => ({
      method: 'GET' as const,
      path: pathOf(values),
      status: 200,
      body: { result },
    })),
    ...refusals.map(({ values }) => ({ method: 'GET' as const, path: pathOf(values), status: 400 })),
    { method: 'GET', path: `/${name}`, status: 400 },
    { method: 'GET', path: pathOf(parameters.map(() => 'seven')), status: 400 },
  ];
}

async function runCheck(server: RunningServer, { method, path, status, body }: Check) {
  const answer = await server.call(path, method);
  const fits = answer.status === status && (body === undefined || isDeepStrictEqual(answer.body, body));
  const failure = fits
    ? undefined
    : `${method} ${path} should answer ${status} ${JSON.stringify(body) ?? ''} but answered ${answer.status} ${JSON.stringify(answer.body)}`;
  return { failure, durationMs: answer.durationMs };
}

function checksFailed(checks: number, failures: readonly string[]): StageFailure {
  return new StageFailure({
    class: 'unknown',
    what: `${failures.length} of ${checks} calls were answered wrongly`,
    why: failures.slice(0, 5).join('; '),
    remedy: 'Repair the application and retry the stage',
  });
}
