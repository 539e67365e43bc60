import { Modal } from '@mantine/core';
import { useShortcuts } from '../ui/keyboard.ts';
import classes from './help-sheet.module.css';

/** Every shortcut that works where the person is now. */
export function HelpSheet({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { shortcuts } = useShortcuts();
  const byKeys = new Map(shortcuts.map((shortcut) => [shortcut.keys, shortcut]));
  const groups = Map.groupBy(byKeys.values(), ({ group }) => group);
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keyboard" size="lg">
      <div className={classes.groups}>
        {[...groups].map(([group, members]) => (
          <section key={group} aria-label={group}>
            <h2 className={classes.heading}>{group}</h2>
            <dl className={classes.list}>
              {members.map(({ keys, label }) => (
                <div key={keys} className={classes.row}>
                  <dt>{label}</dt>
                  <dd>
                    {keys.split(' ').map((key) => (
                      <kbd key={key} className={classes.key}>
                        {key === 'mod+k' ? 'Ctrl/Cmd K' : key}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
