import { notifications } from '@mantine/notifications';
import type { ApiError } from '../../src-main/contract/errors.ts';

/** The button is a picture; this is its name. */
const closeButtonProps = { 'aria-label': 'Close' } as const;

/** Says briefly that something was done. `title` in the past tense: "Run cancelled". */
export function notify(title: string, message = ''): void {
  notifications.show({ title, message, autoClose: 4_000, withBorder: true, closeButtonProps });
}

/** Shows a refusal: what happened, and what to do. It stays until it is closed, so that it can be read. */
export function notifyError(error: ApiError): void {
  notifications.show({
    id: `${error.type}:${error.message}`,
    title: error.message,
    message: error.remedy,
    color: 'red',
    autoClose: false,
    withBorder: true,
    role: 'alert',
    closeButtonProps,
  });
}
