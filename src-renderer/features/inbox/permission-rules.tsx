import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { useCommand } from '../../api/use-command.ts';
import { useEntry } from '../../api/use-entry.ts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { notify } from '../../ui/notify.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import classes from './inbox.module.css';

/** The answers that hold from now on, by agent and kind of tool, and how to take them back. */
export function PermissionRules() {
  const { data, error, isLoading, refetch } = useEntry('listPermissionRules', {});
  const { run: remove, isRunning } = useCommand('removePermissionRule');
  if (error !== null && data === undefined) return <ErrorNotice error={error} onRetry={refetch} />;
  if (isLoading || data === undefined) return <Skeleton lines={3} height={20} />;
  if (data.rules.length === 0) {
    return (
      <EmptyState
        title="There are no rules."
        hint="Answer a permission with “Always”, and the same agent is not held up again for that kind of tool."
      />
    );
  }
  return (
    <Panel label="Rules">
      <ul className={classes.plain}>
        {data.rules.map(({ id, agentId, tool, answer, addedAt }) => (
          <li key={id} className={classes.trouble}>
            <StateMark
              of="approval"
              state={answer === 'allow' ? 'approved' : 'rejected'}
              word={answer === 'allow' ? 'Always allowed' : 'Always rejected'}
            />
            <Link href={`/agents/${agentId}`}>{agentId}</Link>
            <span className={classes.line}>{tool}</span>
            <RelativeTime at={addedAt} />
            <Button
              variant="default"
              disabled={isRunning}
              aria-label={`Remove the rule for ${agentId} and ${tool}`}
              onClick={async () => {
                const result = await remove({ ruleId: id });
                if (result.ok) notify('Rule removed', 'You are asked again from now on.');
              }}
            >
              Remove
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
