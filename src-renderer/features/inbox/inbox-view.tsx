import { useEntry } from '../../api/use-entry.ts';
import { Page } from '../../ui/page.tsx';
import { AnsweredQuestions } from './answered-questions.tsx';
import { OpenQuestions } from './open-questions.tsx';
import { PermissionRules } from './permission-rules.tsx';
import { TroubledWork } from './troubled-work.tsx';

const tabs = [
  { id: 'open', label: 'To answer' },
  { id: 'trouble', label: 'Failed and stuck' },
  { id: 'answered', label: 'History' },
  { id: 'rules', label: 'Rules' },
] as const;

export interface InboxViewProps {
  /** Which part; null: the first. */
  readonly tab: string | null;
}

/** Everything that needs a person: what waits for an answer, what went wrong, what was answered, and rules. */
export function InboxView({ tab }: InboxViewProps) {
  const current = tabs.find(({ id }) => id === tab)?.id ?? 'open';
  const { data: status } = useEntry('getStatus', {});
  const open = status === undefined ? null : status.questions.approvals + status.questions.permissions;
  return (
    <Page
      title="Inbox"
      tabs={tabs.map(({ id, label }) => ({
        to: id === 'open' ? '/inbox' : `/inbox/${id}`,
        label,
        isCurrent: id === current,
        count: id === 'open' ? open : null,
      }))}
      isFilled={current === 'answered'}
    >
      {current === 'open' && <OpenQuestions />}
      {current === 'trouble' && <TroubledWork />}
      {current === 'answered' && <AnsweredQuestions />}
      {current === 'rules' && <PermissionRules />}
    </Page>
  );
}
