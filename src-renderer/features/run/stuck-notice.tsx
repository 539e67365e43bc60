import type { Attempt } from '../../../src-main/contract/task.ts';
import { useEntry } from '../../api/use-entry.ts';
import { StateShape } from '../../ui/state-mark.tsx';
import { useNow } from '../../ui/use-now.ts';
import classes from './run.module.css';
import { isStuck, nextWords, policyOf, rungWord, stuckTitle } from './stuck-words.ts';

/** What shows that an attempt does nothing, how far the watchdog has gone, and what it does next. */
export function StuckNotice({ attempt }: { readonly attempt: Attempt }) {
  const isLive = isStuck(attempt);
  const agent = useEntry('listAgents', {}, { enabled: isLive }).data?.agents.find(({ id }) => id === attempt.agentId);
  const settings = useEntry('getSettings', {}, { enabled: isLive }).data?.settings;
  const now = useNow(isLive ? 1_000 : null);
  const { stuck, endedAt } = attempt;
  if (stuck === null) return null;
  const policy = agent === undefined || settings === undefined ? null : policyOf(agent.definition, settings.watchdog);
  return (
    <div className={classes.stuck} role="status">
      <p className={classes.stuckTitle}>
        <StateShape shape="break" tone="waiting" />
        <strong>{stuckTitle(stuck.since, endedAt ?? now)}</strong>
        <span className={classes.atEnd}>{rungWord(stuck.rung)}</span>
      </p>
      <p>When the watchdog looked: {stuck.evidence}.</p>
      {isLive && policy !== null && <p className={classes.muted}>{nextWords(stuck.rung, policy)}</p>}
    </div>
  );
}
