/**
 * Indexes for how an agent has done lately: its last completed attempts with their times, and its last failures. Both
 * are partial, so that an attempt is written into one of them once, when it ends.
 */
export const agentRecordSchema = `
CREATE INDEX attempts_completed_of_agent ON attempts (agent_id, id, started_at_ms, ended_at_ms)
  WHERE state = 'completed';
CREATE INDEX attempts_failed_of_agent ON attempts (agent_id, id) WHERE failure IS NOT NULL;
`;
