import { useCommand } from '../api/use-command.ts';
import { ConfirmWithReason } from '../ui/confirm-with-reason.tsx';
import { useFreezeStore } from './freeze-store.ts';

const questions = {
  freeze: {
    title: 'Freeze everything?',
    consequence:
      'No new work is started until you thaw. Live attempts are ended and their tasks go back to the queue; nothing is lost.',
    action: 'Freeze all',
    isDangerous: true,
  },
  thaw: {
    title: 'Thaw?',
    consequence: 'Work that waits is started again, as far as there are free slots.',
    action: 'Thaw',
    isDangerous: false,
  },
} as const;

/** Asks before everything is frozen or thawed, and why. */
export function FreezeDialog() {
  const { asks } = useFreezeStore();
  const freeze = useCommand('freeze');
  const thaw = useCommand('thaw');
  const kind = asks ?? 'freeze';
  return (
    <ConfirmWithReason
      key={kind}
      isOpen={asks !== null}
      {...questions[kind]}
      onConfirm={async (reason) => (await (kind === 'freeze' ? freeze : thaw).run({ reason })).ok}
      onClose={() => useFreezeStore.setState({ asks: null })}
    />
  );
}
