import type { ApiInput, ApiName, ApiOutput } from '../../contract/api.ts';
import type { ApiError } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';
import { ok } from '../../contract/result.ts';
import type { Settings } from '../../contract/settings.ts';
import type { ServedApi } from '../../transport/serve-api.ts';
import type { TrayAct } from './tray-menu.ts';
import { muteEnd } from './tray-menu.ts';

export interface TrayActsDependencies {
  readonly served: Pick<ServedApi, 'call'>;
  readonly openWindow: (route?: string) => void;
  readonly quit: () => void;
  /** Tells a person why something was not done. */
  readonly tellRefusal: (error: Pick<ApiError, 'message' | 'remedy'>) => void;
  readonly now: () => number;
}

const byTray = 'asked for in the tray';

/** Does what an entry of the menu says; what is refused is told. */
export function createTrayActs(dependencies: TrayActsDependencies): (act: TrayAct) => void {
  const { served, now } = dependencies;

  async function call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<Result<ApiOutput<N>, ApiError>> {
    return (await served.call(name, input)) as Result<ApiOutput<N>, ApiError>;
  }

  /** The settings as they are now, with another end of the mute. */
  async function mute(mutedUntil: number | null): Promise<Result<unknown, ApiError>> {
    const read = await call('getSettings', {});
    if (!read.ok) return read;
    const { settings } = read.value;
    const changed: Settings = { ...settings, notifications: { ...settings.notifications, mutedUntil } };
    return call('saveSettings', { settings: changed });
  }

  async function changeRuns(
    action: 'pause' | 'resume',
    states: readonly ('queued' | 'running' | 'waiting' | 'paused')[],
  ) {
    const answer = await call('changeRuns', { select: { filter: { states: [...states] } }, action, reason: byTray });
    return answer.ok ? ok(null) : answer;
  }

  function carryOut(act: TrayAct): Promise<Result<unknown, ApiError>> | null {
    switch (act.kind) {
      case 'open':
        dependencies.openWindow(act.route ?? undefined);
        return null;
      case 'quit':
        dependencies.quit();
        return null;
      case 'pauseAll':
        return changeRuns('pause', ['queued', 'running', 'waiting']);
      case 'resumeAll':
        return changeRuns('resume', ['paused']);
      case 'freeze':
        return call('freeze', { reason: byTray });
      case 'thaw':
        return call('thaw', { reason: byTray });
      case 'mute':
        return mute(muteEnd(act.until, now()));
      case 'unmute':
        return mute(null);
    }
  }

  return (act) => {
    void carryOut(act)?.then((result) => {
      if (!result.ok) dependencies.tellRefusal(result.error);
    });
  };
}
