import { dialog, Notification } from 'electron';

/** Notifications that are on the screen; one that nothing holds could not be clicked. */
const shown = new Set<Notification>();

/** A few words about what the desktop itself has just done, whatever a person wants to be told of the work. */
export interface BriefNotice {
  readonly title: string;
  readonly body: string;
  readonly onClick?: () => void;
}

/** Shows a notification; where there are none, a box. It waits for nobody. */
export function tellBriefly({ title, body, onClick = () => {} }: BriefNotice): void {
  if (!Notification.isSupported()) {
    showBox(title, body);
    return;
  }
  const notification = new Notification({ title, body });
  const forget = () => shown.delete(notification);
  shown.add(notification);
  notification.on('click', () => {
    forget();
    onClick();
  });
  notification.on('close', forget);
  notification.on('failed', () => {
    forget();
    showBox(title, body);
  });
  notification.show();
}

function showBox(title: string, body: string): void {
  void dialog.showMessageBox({ type: 'info', title: 'Signalbox', message: title, detail: body, buttons: ['OK'] });
}
