/**
 * What ended when: metrics and the overview ask for a span of time, which may be the last hour of years. Each row
 * enters its index once, when it ends, at the index's newest end.
 */
export const endTimesSchema = `
CREATE INDEX attempts_by_end ON attempts (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
CREATE INDEX runs_by_end ON runs (ended_at_ms, state) WHERE ended_at_ms IS NOT NULL;
`;
