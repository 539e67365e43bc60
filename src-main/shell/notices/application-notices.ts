/** Notifications of the application: what a person is told while they do not look. */
export interface ApplicationNotices {
  /** Begins to follow the engine; what happened since the last start becomes one summary for each reason. */
  start(): void;
  /** Nothing is shown any more. What was not told yet is told after the next start. */
  stop(): void;
}
