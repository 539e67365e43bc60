import { Button } from '@mantine/core';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { useCommand } from '../../api/use-command.ts';
import { navigate } from '../../ui/hash-location.ts';
import { useShortcut } from '../../ui/keyboard.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { DoctorPanel } from '../doctor/doctor-panel.tsx';
import { StartRunModal } from '../workflows/start-run-modal.tsx';
import classes from './overview.module.css';

/** What the demonstration builds, word for word as on the command line. */
const demonstration = {
  workflow: 'app',
  inputs: {
    name: 'calculator-app',
    requirements: 'A calculator for the command line and over HTTP: add, subtract, multiply and divide.',
  },
};

/** Before there ever was a run: the demonstration, and what the doctor finds on this machine. */
export function FirstStart() {
  const { run, isRunning } = useCommand('startRun');
  const [isChoosing, setChoosing] = useState(false);

  async function start() {
    const started = await run(demonstration);
    if (started.ok) navigate(`/runs/${started.value.id}`);
  }

  useShortcut('d', 'Run the demonstration', () => void start(), { group: 'Overview', enabled: !isRunning });
  return (
    <Page title="Overview">
      <div className={classes.column}>
        <Panel title="Nothing has run yet">
          <div className={classes.first}>
            <p>
              The demonstration shows what happens when you start work: five agents, each a process of its own, write a
              small calculator, check it, test it, call it over HTTP, pack it, install it and watch it. It takes
              seconds, and needs no key and no network.
            </p>
            <div className={classes.line}>
              <Button
                leftSection={<Play size={14} aria-hidden="true" />}
                loading={isRunning}
                onClick={() => void start()}
              >
                Run the demonstration
              </Button>
              <Button variant="default" onClick={() => setChoosing(true)}>
                Start another workflow
              </Button>
            </div>
          </div>
        </Panel>
        <DoctorPanel />
      </div>
      <StartRunModal isOpen={isChoosing} place={null} onClose={() => setChoosing(false)} />
    </Page>
  );
}
