import { Button } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import { Pause, Play, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import type { Run } from '../../../src-main/contract/run.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmWithReason } from '../../ui/confirm-with-reason.tsx';
import { navigate } from '../../ui/hash-location.ts';
import { useShortcut } from '../../ui/keyboard.ts';
import { notify } from '../../ui/notify.tsx';
import type { RunAction } from './run-actions.ts';
import { refusalsOf, rerunFromRefusal } from './run-actions.ts';

interface ActionLook {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly consequence: string;
  readonly reason: string;
}

const looks: Readonly<Record<Exclude<RunAction, 'rerun'>, ActionLook>> = {
  pause: {
    label: 'Pause',
    icon: Pause,
    consequence: 'Nothing new is started; attempts that are under way end first. It can be resumed at any time.',
    reason: 'Paused by hand',
  },
  resume: {
    label: 'Resume',
    icon: Play,
    consequence: 'Its waiting stages are started again as soon as there are agents for them.',
    reason: 'Resumed by hand',
  },
  cancel: {
    label: 'Cancel',
    icon: X,
    consequence:
      'Attempts that are under way are ended, and what has not begun is not begun. This cannot be undone; the run can be rerun.',
    reason: 'Cancelled by hand',
  },
};

export interface RunControlsProps {
  readonly run: Run;
  /** The stage that is chosen; null: none. */
  readonly stage: string | null;
}

/** What can be asked of a run now, with keys; what cannot says why. */
export function RunControls({ run, stage }: RunControlsProps) {
  const [asked, setAsked] = useState<keyof typeof looks | null>(null);
  const rerun = useRerun(run);
  const refusals = refusalsOf(run);
  const toggled = run.pauseRequestedAt === null ? 'pause' : 'resume';
  const canRerun = refusals.rerun === null;
  const fromRefusal = rerunFromRefusal(run);
  useShortcut('p', 'Pause or resume', () => setAsked(toggled), { group: 'Run', enabled: refusals[toggled] === null });
  useShortcut('c', 'Cancel', () => setAsked('cancel'), { group: 'Run', enabled: refusals.cancel === null });
  useShortcut('r', 'Rerun', () => void rerun.run(), { group: 'Run', enabled: canRerun });
  return (
    <>
      <ControlButton {...looks[toggled]} refusal={refusals[toggled]} onClick={() => setAsked(toggled)} />
      <ControlButton {...looks.cancel} refusal={refusals.cancel} onClick={() => setAsked('cancel')} />
      <ControlButton
        label="Rerun"
        icon={RotateCcw}
        refusal={refusals.rerun}
        hint="Starts a new run that keeps what completed and begins at the first stage that did not."
        isLoading={rerun.isRunning}
        onClick={() => void rerun.run()}
      />
      {stage !== null && (
        <ControlButton
          label={`Rerun from ${stage}`}
          icon={RotateCcw}
          refusal={fromRefusal}
          hint={`Starts a new run that keeps what completed before ${stage}.`}
          isLoading={rerun.isRunning}
          onClick={() => void rerun.run(stage)}
        />
      )}
      {asked !== null && <Confirmation run={run} action={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

interface ControlButtonProps extends Pick<ActionLook, 'label' | 'icon'> {
  /** Why it cannot be pressed; null: it can. */
  readonly refusal: string | null;
  readonly hint?: string;
  readonly isLoading?: boolean;
  readonly onClick: () => void;
}

function ControlButton({ label, icon: Icon, refusal, hint, isLoading = false, onClick }: ControlButtonProps) {
  return (
    <Button
      variant="default"
      leftSection={<Icon size={14} aria-hidden="true" />}
      title={refusal ?? hint ?? label}
      // Not `disabled`: who looks for it by keyboard hears why it cannot be pressed.
      {...(refusal === null ? {} : { 'data-disabled': true })}
      aria-disabled={refusal !== null}
      loading={isLoading}
      onClick={() => {
        if (refusal === null) onClick();
      }}
    >
      {label}
    </Button>
  );
}

interface ConfirmationProps {
  readonly run: Run;
  readonly action: keyof typeof looks;
  readonly onClose: () => void;
}

function Confirmation({ run, action, onClose }: ConfirmationProps) {
  const pause = useCommand('pauseRun');
  const resume = useCommand('resumeRun');
  const cancel = useCommand('cancelRun');
  const command = { pause, resume, cancel }[action];
  const { label, consequence, reason } = looks[action];
  return (
    <ConfirmWithReason
      isOpen
      title={`${label} this run of ${run.workflow}?`}
      consequence={consequence}
      action={`${label} the run`}
      isDangerous={action === 'cancel'}
      suggestedReason={reason}
      onConfirm={async (given) => (await command.run({ runId: run.id, reason: given })).ok}
      onClose={onClose}
    />
  );
}

/** Starts the run again, from its first stage that did not complete or from the one named, and goes to the new run. */
function useRerun({ id, workflow }: Run) {
  const { run, isRunning } = useCommand('rerunRun');
  return {
    isRunning,
    run: async (fromStage?: string) => {
      const result = await run({ runId: id, ...(fromStage === undefined ? {} : { fromStage }) });
      if (!result.ok) return;
      notify(`${workflow} was started again`, `From ${result.value.rerunOf?.fromStage ?? 'its first stage'}.`);
      navigate(`/runs/${result.value.id}`);
    },
  };
}
