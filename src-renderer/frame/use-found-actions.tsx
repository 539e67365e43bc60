import { useDebouncedValue } from '@mantine/hooks';
import type { SpotlightActionGroupData } from '@mantine/spotlight';
import { useEntry } from '../api/use-entry.ts';
import { inProject, referenceOf, workflowAddress } from '../features/workflows/workflow-address.ts';
import { shortIdentifier } from '../format/identifier.ts';
import { navigate } from '../ui/hash-location.ts';
import { StateMark } from '../ui/state-mark.tsx';
import { bestMatches } from './match-words.ts';

/** How long after the last key the engine is asked, in ms. */
const askAfterMs = 150;
const foundRows = 8;

/** Runs, tasks, agents and workflows that have what was typed in them. */
export function useFoundActions(query: string): readonly SpotlightActionGroupData[] {
  const typed = query.trim();
  const [search] = useDebouncedValue(typed, askAfterMs);
  const enabled = search !== '';
  const asked = { search: enabled ? search : 'nothing', limit: foundRows };
  const foundRuns = useEntry('listRuns', asked, { enabled, keepPrevious: true });
  const foundTasks = useEntry('listTasks', asked, { enabled, keepPrevious: true });
  const runs = foundRuns.data?.runs ?? [];
  const tasks = foundTasks.data?.tasks ?? [];
  const agents = useEntry('listAgents', {}, { enabled }).data?.agents ?? [];
  const workflows = useEntry('listWorkflows', {}, { enabled }).data?.workflows ?? [];
  if (!enabled) return [];
  const groups: SpotlightActionGroupData[] = [
    {
      group: 'Runs',
      actions: runs.map(({ id, workflow, state }) => ({
        id,
        label: `${workflow} ${shortIdentifier(id)}`,
        leftSection: <StateMark of="run" state={state} isCompact />,
        onClick: () => navigate(`/runs/${id}`),
      })),
    },
    {
      group: 'Tasks',
      actions: tasks.map(({ id, title, state }) => ({
        id,
        label: title,
        description: shortIdentifier(id),
        leftSection: <StateMark of="task" state={state} isCompact />,
        onClick: () => navigate(`/tasks/${id}`),
      })),
    },
    {
      group: 'Agents',
      actions: bestMatches(search, agents, ({ id, definition }) => `${id} ${definition.title}`)
        .slice(0, foundRows)
        .map(({ id, definition, state }) => ({
          id: `agent ${id}`,
          label: definition.title,
          leftSection: <StateMark of="agent" state={state} isCompact />,
          onClick: () => navigate(`/agents/${id}`),
        })),
    },
    {
      group: 'Workflows',
      actions: bestMatches(search, workflows, ({ name, title }) => `${name} ${title}`)
        .slice(0, foundRows)
        .map((workflow) => ({
          id: `workflow ${referenceOf(workflow)}`,
          label: workflow.title,
          description: inProject({ ...workflow, title: workflow.name }),
          onClick: () => navigate(workflowAddress(workflow)),
        })),
    },
  ];
  const isEarlier = search !== typed || foundRuns.isPrevious || foundTasks.isPrevious;
  return isEarlier ? groups.map((group) => ({ ...group, actions: stillMeant(typed, group.actions) })) : groups;
}

/** What answers an earlier text stays only as far as its name fits the text of now: Enter must open nothing else. */
function stillMeant(typed: string, actions: SpotlightActionGroupData['actions']) {
  return [...bestMatches(typed, actions, ({ id, label }) => `${label ?? ''} ${id}`)];
}
