import { Suspense } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { EmptyState, Skeleton } from '../ui/notices.tsx';
import { Page } from '../ui/page.tsx';
import { ViewBoundary } from './view-boundary.tsx';
import {
  AgentsView,
  EventsView,
  InboxView,
  MetricsView,
  OverviewView,
  QueueView,
  RunsView,
  RunView,
  SchedulesView,
  SettingsView,
  TaskView,
  TrafficView,
  WorkflowsView,
} from './view-loader.tsx';

/** Which view stands at which address. */
export function Routes() {
  const [path] = useLocation();
  const [, place = ''] = path.split('/');
  return (
    // A view that broke is tried again when the person goes elsewhere.
    <ViewBoundary key={place}>
      <Suspense fallback={<LoadingView />}>
        <Switch>
          <Route path="/" component={OverviewView} />
          <Route path="/runs" component={RunsView} />
          <Route path="/runs/:id/:tab?">{({ id, tab }) => <RunView key={id} runId={id} tab={tab ?? null} />}</Route>
          <Route path="/queue/:tab?">{({ tab }) => <QueueView tab={tab ?? null} />}</Route>
          <Route path="/tasks/:id">{({ id }) => <TaskView key={id} taskId={id} />}</Route>
          <Route path="/agents/:id?">{({ id }) => <AgentsView agentId={id ?? null} />}</Route>
          <Route path="/workflows/:name?">{({ name }) => <WorkflowsView name={name ?? null} />}</Route>
          <Route path="/schedules" component={SchedulesView} />
          <Route path="/inbox/:tab?">{({ tab }) => <InboxView tab={tab ?? null} />}</Route>
          <Route path="/messages" component={TrafficView} />
          <Route path="/events" component={EventsView} />
          <Route path="/metrics" component={MetricsView} />
          <Route path="/settings/:section?">{({ section }) => <SettingsView section={section ?? null} />}</Route>
          <Route>
            <Page title="Nothing is here">
              <EmptyState title={`No view has the address ${path}.`} hint={<a href="#/">Go to the overview</a>} />
            </Page>
          </Route>
        </Switch>
      </Suspense>
    </ViewBoundary>
  );
}

function LoadingView() {
  return (
    <Page title=" ">
      <Skeleton lines={8} height={20} />
    </Page>
  );
}
