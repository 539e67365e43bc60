import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { useCommand } from '../../api/use-command.ts';
import { useEntry } from '../../api/use-entry.ts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { notify } from '../../ui/notify.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import classes from './settings.module.css';

/** Answers that a person gave for good: the same answer to an agent that asks for a kind of tool. */
export function RulesSection() {
  const { data, error, refetch } = useEntry('listPermissionRules', {});
  const remove = useCommand('removePermissionRule');
  return (
    <div className={classes.section}>
      <Panel title="Permission rules" isFlush>
        {error !== null && <ErrorNotice error={error} onRetry={refetch} />}
        {error === null && data === undefined && <Skeleton lines={3} />}
        {data?.rules.length === 0 && (
          <EmptyState
            title="There are no rules."
            hint={
              <>
                When you answer a question in the <Link href="/inbox">inbox</Link> with “always”, the rule appears here.
              </>
            }
          />
        )}
        <ul className={classes.rules}>
          {data?.rules.map(({ id, agentId, tool, answer, addedAt }) => (
            <li key={id} className={classes.rule}>
              <Link href={`/agents/${agentId}`}>{agentId}</Link>
              <code>{tool}</code>
              <StateMark of="approval" state={answer === 'allow' ? 'approved' : 'rejected'} word={answer} />
              <span className={classes.small}>
                <RelativeTime at={addedAt} />
              </span>
              <Button
                variant="default"
                size="compact-xs"
                aria-label={`Remove the rule: ${answer} ${tool} of ${agentId}`}
                disabled={remove.isRunning}
                onClick={async () => {
                  const removed = await remove.run({ ruleId: id });
                  if (removed.ok) notify('Rule removed', 'The next such question is asked again.');
                }}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}
