/** Where the whole log of an attempt is, byte by byte, in the application and in a browser. */
export function downloadAddress(attemptId: string): string {
  return `/download/log/${attemptId}`;
}
