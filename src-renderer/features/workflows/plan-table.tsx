import type { ApiOutput } from '../../../src-main/contract/api.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import classes from './workflows.module.css';

/** What a run would do, stage by stage, and what it would be refused for. */
export function PlanTable({ plan }: { readonly plan: ApiOutput<'planRun'> }) {
  const { stages, refusal } = plan;
  return (
    <section className={classes.plan} aria-label="Dry run">
      {refusal === null ? (
        <p className={classes.planVerdict}>
          <StateShape shape="check" tone="completed" /> The run would be started. Nothing was.
        </p>
      ) : (
        <ErrorNotice error={refusal} />
      )}
      {stages.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className={classes.planScroll} tabIndex={0} aria-label="Planned stages">
          <table className={classes.planTable}>
            <thead>
              <tr>
                <th scope="col">Order</th>
                <th scope="col">Stage</th>
                <th scope="col">Agents</th>
                <th scope="col">Work</th>
                <th scope="col">Would wait</th>
              </tr>
            </thead>
            <tbody>
              {stages.map((stage) => (
                <tr key={stage.name}>
                  <td>{stage.rank + 1}</td>
                  <td className={classes.strong}>{stage.name}</td>
                  <td>{stage.agents.join(', ') || '–'}</td>
                  <td className={classes.planWork}>{stage.work}</td>
                  <td className={classes.quiet}>{stage.waitingBecause ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
