import { spotlight } from '@mantine/spotlight';
import { useState } from 'react';
import { useConnectionStore } from '../stores/connection-store.ts';
import { navigate } from '../ui/hash-location.ts';
import { useShortcut } from '../ui/keyboard.ts';
import { Banners } from './banners.tsx';
import { BottomStrip } from './bottom-strip.tsx';
import { CommandBar } from './command-bar.tsx';
import { ExpiredPage } from './expired-page.tsx';
import classes from './frame.module.css';
import { FreezeDialog } from './freeze-dialog.tsx';
import { HelpSheet } from './help-sheet.tsx';
import type { Place } from './places.ts';
import { places } from './places.ts';
import { Rail } from './rail.tsx';
import { Routes } from './routes.tsx';
import { TopBar } from './top-bar.tsx';
import { useStatus } from './use-status.ts';

/** The window: what is always there, around the view. */
export function Frame() {
  const connection = useConnectionStore(({ state }) => state);
  if (connection === 'expired') return <ExpiredPage />;
  return <ConnectedFrame isStale={connection === 'lost'} />;
}

function ConnectedFrame({ isStale }: { readonly isStale: boolean }) {
  const status = useStatus();
  const [isHelpOpen, setHelpOpen] = useState(false);
  useShortcut('?', 'All shortcuts', () => setHelpOpen(true), { group: 'Everywhere' });
  useShortcut('mod+k', 'Search and commands', () => spotlight.toggle(), { group: 'Everywhere' });
  return (
    <div className={classes.frame}>
      {places.map((place) => (
        <PlaceShortcut key={place.to} place={place} />
      ))}
      <button type="button" className={classes.skip} onClick={() => document.getElementById('view')?.focus()}>
        Skip to the view
      </button>
      <TopBar status={status} />
      <div className={classes.banners}>
        <Banners status={status} />
      </div>
      <Rail status={status} />
      <main id="view" className={classes.view} data-stale={isStale || undefined} tabIndex={-1}>
        <Routes />
      </main>
      <BottomStrip status={status} />
      <CommandBar />
      <FreezeDialog />
      <HelpSheet isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

function PlaceShortcut({ place: { to, label, key } }: { readonly place: Place }) {
  useShortcut(`g ${key}`, label, () => navigate(to), { group: 'Go to' });
  return null;
}
