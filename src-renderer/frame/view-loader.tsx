import { lazy } from 'react';

/** Each view is a part of its own, loaded when it is first shown. */
export const OverviewView = lazy(async () => ({
  default: (await import('../features/overview/overview-view.tsx')).OverviewView,
}));
export const RunsView = lazy(async () => ({ default: (await import('../features/runs/runs-view.tsx')).RunsView }));
export const RunView = lazy(async () => ({ default: (await import('../features/run/run-view.tsx')).RunView }));
export const QueueView = lazy(async () => ({ default: (await import('../features/queue/queue-view.tsx')).QueueView }));
export const TaskView = lazy(async () => ({ default: (await import('../features/task/task-view.tsx')).TaskView }));
export const AgentsView = lazy(async () => ({
  default: (await import('../features/agents/agents-view.tsx')).AgentsView,
}));
export const WorkflowsView = lazy(async () => ({
  default: (await import('../features/workflows/workflows-view.tsx')).WorkflowsView,
}));
export const SchedulesView = lazy(async () => ({
  default: (await import('../features/schedules/schedules-view.tsx')).SchedulesView,
}));
export const InboxView = lazy(async () => ({ default: (await import('../features/inbox/inbox-view.tsx')).InboxView }));
export const TrafficView = lazy(async () => ({
  default: (await import('../features/traffic/traffic-view.tsx')).TrafficView,
}));
export const EventsView = lazy(async () => ({
  default: (await import('../features/events/events-view.tsx')).EventsView,
}));
export const MetricsView = lazy(async () => ({
  default: (await import('../features/metrics/metrics-view.tsx')).MetricsView,
}));
export const SettingsView = lazy(async () => ({
  default: (await import('../features/settings/settings-view.tsx')).SettingsView,
}));
