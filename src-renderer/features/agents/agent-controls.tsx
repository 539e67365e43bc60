import { ActionIcon, Button, Menu } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import { Ban, CircleCheck, CirclePause, EllipsisVertical, Play, RotateCw, Square } from 'lucide-react';
import { useState } from 'react';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import { formatCounted } from '../../format/amount.ts';
import { ConfirmWithReason } from '../../ui/confirm-with-reason.tsx';
import type { AgentAction } from './agent-words.ts';
import { actionsFor, actionWords, interrupts } from './agent-words.ts';
import classes from './agents.module.css';
import { useAgentActions } from './use-agent-actions.ts';

const icons: Readonly<Record<AgentAction, LucideIcon>> = {
  start: Play,
  stop: Square,
  restart: RotateCw,
  drain: CirclePause,
  disable: Ban,
  enable: CircleCheck,
};

/** Of these a reason is asked for even when no work ends: others will wonder why the agent takes none. */
const wantReason: readonly AgentAction[] = ['drain', 'disable'];

/** The buttons of an agent. Only what ends work, or keeps it away, asks back. `isCompact`: in a menu. */
export function AgentControls({
  agent,
  isCompact = false,
}: {
  readonly agent: AgentView;
  readonly isCompact?: boolean;
}) {
  const [asked, setAsked] = useState<AgentAction | null>(null);
  const { run, isRunning } = useAgentActions(agent);
  const actions = actionsFor(agent);

  function choose(action: AgentAction): void {
    const isAsked = wantReason.includes(action) || interrupts(action, agent.live.length);
    if (isAsked) setAsked(action);
    else void run(action, `${actionWords[action].label} by hand, while it had no work`);
  }

  return (
    <>
      {isCompact ? (
        <ActionMenu agent={agent} actions={actions} isRunning={isRunning} onChoose={choose} />
      ) : (
        <div className={classes.controls}>
          {actions.map((action) => (
            <ActionButton key={action} action={action} isDisabled={isRunning} onClick={() => choose(action)} />
          ))}
        </div>
      )}
      {asked !== null && (
        <ConfirmWithReason
          isOpen
          title={`${actionWords[asked].label} ${agent.definition.title}?`}
          consequence={consequenceOf(asked, agent)}
          action={actionWords[asked].label}
          isDangerous={interrupts(asked, agent.live.length)}
          onConfirm={(reason) => run(asked, reason)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

interface ActionButtonProps {
  readonly action: AgentAction;
  readonly isDisabled: boolean;
  readonly onClick: () => void;
}

function ActionButton({ action, isDisabled, onClick }: ActionButtonProps) {
  const Icon = icons[action];
  const { label, hint } = actionWords[action];
  return (
    <Button
      variant="default"
      title={hint}
      disabled={isDisabled}
      leftSection={<Icon size={14} aria-hidden="true" />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

interface ActionMenuProps {
  readonly agent: AgentView;
  readonly actions: readonly AgentAction[];
  readonly isRunning: boolean;
  readonly onChoose: (action: AgentAction) => void;
}

function ActionMenu({ agent, actions, isRunning, onChoose }: ActionMenuProps) {
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`What to do with ${agent.definition.title}`} disabled={isRunning}>
          <EllipsisVertical size={16} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => {
          const Icon = icons[action];
          return (
            <Menu.Item
              key={action}
              leftSection={<Icon size={14} aria-hidden="true" />}
              onClick={() => onChoose(action)}
            >
              {actionWords[action].label}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

function consequenceOf(action: AgentAction, { live }: AgentView): string {
  const work = formatCounted(live.length, 'attempt');
  const isInterrupted = interrupts(action, live.length);
  const ends = `${work} under way ${live.length === 1 ? 'is' : 'are'} interrupted, and the work goes back to the queue.`;
  switch (action) {
    case 'drain':
      return live.length === 0
        ? 'It has no work: it stops now, and work does not start it again.'
        : `It takes no new work, and stops when its ${work} ${live.length === 1 ? 'has' : 'have'} ended.`;
    case 'disable':
      return `It is given no work until somebody enables it.${isInterrupted ? ` ${ends}` : ''}`;
    case 'restart':
      return `${ends} Its processes are ended and started anew.`;
    default:
      return `${ends} Its processes are ended, and only a person starts it again.`;
  }
}
