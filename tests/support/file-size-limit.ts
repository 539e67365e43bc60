import { execFileSync } from 'node:child_process';

/** So small that every database is larger: wherever in it something is written, it is beyond this. */
const bytes = 64;

/**
 * Makes writes of this process fail, as on a disk that is full: the system refuses (EFBIG) what lies beyond the first
 * bytes of a file. Processes that run already are not concerned. Linux only.
 * @returns ends it.
 */
export function refuseWrites(): () => void {
  const ignore = () => undefined;
  // Without a handler the signal that goes with the error would end the process.
  process.on('SIGXFSZ', ignore);
  setLimit(`${bytes}:`);
  return () => {
    setLimit('unlimited:');
    process.off('SIGXFSZ', ignore);
  };
}

/** Only the soft limit, which may be raised again. */
function setLimit(limit: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${limit}`]);
}
