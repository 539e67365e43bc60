import { Select } from '@mantine/core';
import { useEntry } from '../api/use-entry.ts';
import classes from './bars.module.css';
import { useQueryState } from './use-query-state.ts';

/** Which agent a list is about; `agent` in the address. */
export function AgentField() {
  const [agent, setAgent] = useQueryState('agent');
  const { data } = useEntry('listAgents', {});
  const known = (data?.agents ?? []).map(({ id }) => id as string);
  return (
    <Select
      className={classes.choice}
      aria-label="Agent"
      placeholder="Any agent"
      // An agent that was removed still has what it did.
      data={agent === null || known.includes(agent) ? known : [agent, ...known]}
      value={agent}
      onChange={(id) => setAgent(id)}
      clearable
      clearButtonProps={{ 'aria-label': 'Any agent' }}
      searchable={known.length > 8}
    />
  );
}
