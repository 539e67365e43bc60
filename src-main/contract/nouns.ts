/** What rows are about, as far as a view has to know to ask again. */
export const nouns = [
  'run',
  'task',
  'agent',
  'approval',
  'permission',
  'workflow',
  'schedule',
  'breaker',
  'engine',
] as const;
export type Noun = (typeof nouns)[number];
