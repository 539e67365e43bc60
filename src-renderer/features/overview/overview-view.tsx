import { useEntry } from '../../api/use-entry.ts';
import { useStatus } from '../../frame/use-status.ts';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { FinishedRuns } from './finished-runs.tsx';
import { FirstStart } from './first-start.tsx';
import { HealthPanel } from './health-panel.tsx';
import { LastHour } from './last-hour.tsx';
import { LiveRuns } from './live-runs.tsx';
import { NeedsYou } from './needs-you.tsx';
import classes from './overview.module.css';
import { useLastLook } from './use-last-look.ts';

/** The last hour goes on while nothing happens, which no event announces; in ms. */
const everyMs = 10_000;

/** What a person wants to see first: what needs them, what runs, what finished, and how the engine is. */
export function OverviewView() {
  const look = useLastLook();
  const status = useStatus();
  const { data, error, isLoading, refetch } = useEntry(
    'getOverview',
    { since: look.since },
    { everyMs, keepPrevious: true },
  );
  if (data?.isFirstStart === true) return <FirstStart />;
  return (
    <Page
      title="Overview"
      {...(look.isFirst
        ? {}
        : {
            about: (
              <span>
                you last looked <RelativeTime at={look.since} />
              </span>
            ),
          })}
    >
      {error !== null && <ErrorNotice error={error} onRetry={refetch} />}
      {isLoading && <Skeleton lines={10} height={30} />}
      {data !== undefined && (
        <div className={classes.column}>
          <NeedsYou overview={data} status={status} />
          <LiveRuns overview={data} />
          <FinishedRuns overview={data} look={look} />
          <div className={classes.pair}>
            <LastHour hour={data.lastHour} />
            {status !== undefined && <HealthPanel status={status} />}
          </div>
        </div>
      )}
    </Page>
  );
}
