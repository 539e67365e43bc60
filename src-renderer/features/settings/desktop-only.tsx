import { desktopHost } from '../../api/create-link.ts';
import { StateShape } from '../../ui/state-mark.tsx';
import classes from './settings.module.css';

/** In a browser: says that settings hold for the desktop application. Nothing where that is what shows this window. */
export function DesktopOnly({ what }: { /** Begins the sentence. */ readonly what: string }) {
  if (desktopHost() !== null) return null;
  return (
    <div className={classes.aside} role="note">
      <StateShape shape="ring" tone="idle" />
      <p>
        {what}. This window is in a browser: what you save here holds for the application, as soon as it runs with this
        data folder.
      </p>
    </div>
  );
}
