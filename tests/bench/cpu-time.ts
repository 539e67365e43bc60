/**
 * Begins to count the time that the processors spend on this process, its threads included. Unlike the wall clock it
 * hardly depends on what else the machine does.
 * @returns the microseconds since.
 */
export function countCpuTime(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
}
