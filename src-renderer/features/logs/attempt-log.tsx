import { LogView } from './log-view.tsx';

export interface AttemptLogProps {
  readonly attemptId: string;
  /** Whether the attempt has ended, where that is known. */
  readonly complete?: boolean;
}

/** The log of one attempt. */
export function AttemptLog({ attemptId, complete }: AttemptLogProps) {
  return <LogView key={attemptId} sources={[{ attemptId, title: 'the attempt', complete }]} />;
}
