import { z } from 'zod';
import { timeSchema } from './values.ts';

/**
 * Why a person is told something while they do not look. `finished`: a run, or a task of its own, completed; `failed`: it
 * failed or is a dead letter; `stuck`: an attempt does nothing; `needsYou`: an approval or a permission waits for an
 * answer; `trouble`: the engine or a part of it is not well; `update`: a newer Signalbox can be had.
 */
export const noticeReasons = ['finished', 'failed', 'stuck', 'needsYou', 'trouble', 'update'] as const;
export type NoticeReason = (typeof noticeReasons)[number];

/** Which reasons are told. */
export const noticeReasonsSchema = z.strictObject({
  finished: z.boolean().default(true),
  failed: z.boolean().default(true),
  stuck: z.boolean().default(true),
  needsYou: z.boolean().default(true),
  trouble: z.boolean().default(true),
  update: z.boolean().default(true),
});

const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day such as 22:00' });

export const notificationSettingsSchema = z.strictObject({
  /** Off: nothing is told; the window and the tray still show everything. */
  on: z.boolean().default(true),
  /** Until then nothing is told, as if it were off; null: not muted. */
  mutedUntil: timeSchema.nullable().default(null),
  reasons: noticeReasonsSchema.prefault({}),
  /** Every day between these times, by the clock of the machine, nothing is told; at the end one summary is. */
  quietHours: z
    .strictObject({
      on: z.boolean().default(false),
      from: timeOfDaySchema.default('22:00'),
      /** May be earlier than `from`: then it is that of the next day. */
      to: timeOfDaySchema.default('07:00'),
    })
    .prefault({})
    .refine(({ from, to }) => from !== to, { error: 'must differ from quietHours.from', path: ['to'] }),
});
export type NotificationSettings = z.infer<typeof notificationSettingsSchema>;

const modifier = '(?:Command|Cmd|Control|Ctrl|CommandOrControl|CmdOrCtrl|Alt|Option|AltGr|Shift|Super|Meta)';
const key =
  '(?:[A-Z0-9]|F(?:[1-9]|1\\d|2[0-4])|Space|Tab|Backspace|Delete|Insert|Return|Enter|Up|Down|Left|Right|Home|End|PageUp|PageDown|Escape|Esc)';

/** A shortcut as Electron writes it, such as `CmdOrCtrl+Shift+S`. Null: there is none. */
const shortcutSchema = z
  .string()
  .regex(new RegExp(`^(?:${modifier}\\+)+${key}$`), {
    error: 'must be modifiers and a key, such as CmdOrCtrl+Shift+S',
  })
  .nullable();

export const desktopSettingsSchema = z.strictObject({
  /** Closing the last window leaves Signalbox in the tray; off: it asks to quit. Without a tray it is as if off. */
  closeToTray: z.boolean().default(true),
  /** Signalbox starts, in the tray, when the person logs in. */
  startAtLogin: z.boolean().default(false),
  /** While an attempt is live the machine does not fall asleep by itself. */
  preventSleep: z.boolean().default(true),
  /** Shortcuts that work while other applications are in front. */
  shortcuts: z
    .strictObject({
      /** Shows the window. */
      window: shortcutSchema.default(null),
      /** Freezes everything, or lets it go on. */
      freeze: shortcutSchema.default(null),
    })
    .prefault({})
    .refine(({ window, freeze }) => window === null || window !== freeze, {
      error: 'must differ from shortcuts.window',
      path: ['freeze'],
    }),
  /** `off`: never looks for updates; `tell`: says that there is one; `download`: fetches it, to be put in place on quitting. */
  updates: z.enum(['off', 'tell', 'download']).default('tell'),
});
export type DesktopSettings = z.infer<typeof desktopSettingsSchema>;
