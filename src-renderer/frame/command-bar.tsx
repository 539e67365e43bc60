import type { SpotlightActionGroupData } from '@mantine/spotlight';
import { Spotlight } from '@mantine/spotlight';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import classes from './command-bar.module.css';
import { useCommandActions } from './use-command-actions.tsx';
import { useFoundActions } from './use-found-actions.tsx';

/** The most entries that are shown at once. */
const shownEntries = 40;

/** Ctrl/Cmd+K: goes anywhere, does what concerns everything, and finds runs, tasks, agents and workflows. */
export function CommandBar() {
  const [query, setQuery] = useState('');
  const commands = useCommandActions(query);
  const found = useFoundActions(query);
  // What is found comes after what is known at once, so that the choice does not move under the person's hand.
  const groups: SpotlightActionGroupData[] = [...commands, ...found].filter(({ actions }) => actions.length > 0);
  useEffect(() => {
    if (groups.length > 0 && query.trim() !== '') chooseFirst();
  });
  return (
    <Spotlight
      actions={groups}
      query={query}
      onQueryChange={setQuery}
      // The window's own list of shortcuts has it, so that the help sheet names it.
      shortcut={null}
      // The engine and our own matching have filtered already.
      filter={(_query, actions) => actions}
      limit={shownEntries}
      scrollable
      maxHeight={440}
      lockScroll={false}
      overlayProps={{ blur: 0 }}
      classNames={{ action: classes.action ?? '', actionLabel: classes.label ?? '', search: classes.search ?? '' }}
      transitionProps={{ duration: 0 }}
      nothingFound="Nothing has this name."
      searchProps={{
        leftSection: <Search size={16} aria-hidden="true" />,
        placeholder: 'Search runs, tasks, agents, workflows, or type a command',
        'aria-label': 'Search and commands',
      }}
    />
  );
}

/**
 * Chooses the first entry when none is chosen: what is found may come to a list that was empty, and Enter opens it. The
 * attribute is where the component keeps its choice; it offers no other way.
 */
function chooseFirst(): void {
  const entries = [...document.querySelectorAll(`.${classes.action}`)];
  if (entries.every((entry) => !entry.hasAttribute('data-selected'))) {
    entries[0]?.setAttribute('data-selected', 'true');
  }
}
