import { Peer } from './peer.ts';

/** The way to the desktop that the test holds. When it goes away the test has ended, and so does this process. */
export const desktop = new Peer({
  send: (message) => {
    if (process.connected) process.send?.(message);
  },
  onMessage: (listener) => process.on('message', listener),
});

/** After this long a process that nobody watches any more ends by force. */
const lonelyMs = 10_000;

process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), lonelyMs).unref();
});
