import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';

export interface TaskViewProps {
  readonly taskId: string;
}

/** Task: this view is not built yet, and says so. */
export function TaskView({ taskId }: TaskViewProps) {
  return (
    <Page title="Task" about={[taskId].filter((part) => part !== null).join(' · ')}>
      <EmptyState
        title="This view is being built."
        hint="The command line shows the same meanwhile: signalbox --help."
      />
    </Page>
  );
}
