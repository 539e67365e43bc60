import type { SpotlightActionData, SpotlightActionGroupData } from '@mantine/spotlight';
import { CalendarPlus, Play, Snowflake, Stethoscope, SunMoon } from 'lucide-react';
import { useCommand } from '../api/use-command.ts';
import { useEntry } from '../api/use-entry.ts';
import { inProject, referenceOf, workflowAddress } from '../features/workflows/workflow-address.ts';
import { themes, usePreferences } from '../stores/preferences-store.ts';
import { navigate } from '../ui/hash-location.ts';
import { useFreezeStore } from './freeze-store.ts';
import { bestMatches } from './match-words.ts';
import { places } from './places.ts';
import { useStatus } from './use-status.ts';

const size = 16;

/** What the demonstration builds. */
const demonstration = { workflow: 'app', inputs: { name: 'calculator-app', requirements: 'A calculator.' } };

/** Places to go to and things to do, as far as they answer what was typed. */
export function useCommandActions(query: string): readonly SpotlightActionGroupData[] {
  const isFrozen = useStatus()?.frozen != null;
  const { data } = useEntry('listWorkflows', {});
  const startRun = useCommand('startRun');

  const going = places.map(
    ({ to, label, icon: Icon }): SpotlightActionData => ({
      id: `go ${to}`,
      label,
      description: 'Go to',
      leftSection: <Icon size={size} aria-hidden="true" />,
      onClick: () => navigate(to),
    }),
  );
  const starting = (data?.workflows ?? []).map(
    (workflow): SpotlightActionData => ({
      id: `start ${referenceOf(workflow)}`,
      label: `Start ${workflow.name}`,
      description: inProject(workflow),
      leftSection: <Play size={size} aria-hidden="true" />,
      onClick: () => navigate(workflowAddress(workflow, { run: 'new' })),
    }),
  );
  const doing: readonly SpotlightActionData[] = [
    {
      id: 'demonstration',
      label: 'Run the demonstration',
      description: 'Builds, tests and deploys a small calculator; needs no key and no network',
      leftSection: <Play size={size} aria-hidden="true" />,
      onClick: async () => {
        const started = await startRun.run(demonstration);
        if (started.ok) navigate(`/runs/${started.value.id}`);
      },
    },
    {
      id: 'schedule',
      label: 'Add a schedule',
      description: 'Starts a run or a command by itself, in time',
      leftSection: <CalendarPlus size={size} aria-hidden="true" />,
      onClick: () => navigate('/schedules?add=schedule'),
    },
    {
      id: 'freeze',
      label: isFrozen ? 'Thaw' : 'Freeze all',
      description: isFrozen ? 'Lets work start again' : 'Stops everything at once; nothing is lost',
      leftSection: <Snowflake size={size} aria-hidden="true" />,
      onClick: () => useFreezeStore.setState({ asks: isFrozen ? 'thaw' : 'freeze' }),
    },
    {
      id: 'doctor',
      label: 'Open the doctor',
      description: 'Checks the machine, the data and the agents',
      leftSection: <Stethoscope size={size} aria-hidden="true" />,
      onClick: () => navigate('/settings/doctor'),
    },
    ...themes.map((theme) => ({
      id: `theme ${theme}`,
      label: `Theme: ${theme}`,
      leftSection: <SunMoon size={size} aria-hidden="true" />,
      onClick: () => usePreferences.setState({ theme }),
    })),
  ];

  const matching = (actions: readonly SpotlightActionData[]) => [
    ...bestMatches(query, actions, ({ label, description }) => `${label ?? ''} ${description ?? ''}`),
  ];
  return [
    { group: 'Go to', actions: matching(going) },
    { group: 'Do', actions: matching([...doing, ...starting]) },
  ];
}
