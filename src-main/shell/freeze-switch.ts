import type { ApiOutput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import type { ServedApi } from '../transport/serve-api.ts';
import type { BriefNotice } from './brief-notice.ts';

export interface FreezeSwitchDependencies {
  readonly served: Pick<ServedApi, 'call'>;
  /** Nobody sees a window then; what was done is told. */
  readonly tell: (notice: BriefNotice) => void;
}

const reason = 'asked for by the shortcut';

/** Freezes everything, or lets it go on when it is frozen. */
export function createFreezeSwitch({ served, tell }: FreezeSwitchDependencies): () => void {
  async function turn(): Promise<BriefNotice> {
    const read = (await served.call('getStatus', {})) as Result<ApiOutput<'getStatus'>, ApiError>;
    if (!read.ok) return refused(read.error);
    const isFrozen = read.value.frozen !== null;
    const done = await served.call(isFrozen ? 'thaw' : 'freeze', { reason });
    if (!done.ok) return refused(done.error);
    return isFrozen
      ? { title: 'Work goes on', body: 'Signalbox is no longer frozen.' }
      : { title: 'Everything is frozen', body: 'Live work was interrupted, and nothing is started until you thaw it.' };
  }

  return () => {
    void turn().then(tell);
  };
}

function refused({ message, remedy }: ApiError): BriefNotice {
  return { title: 'That was not done', body: `${message} ${remedy}` };
}
