import { isAbsolute, relative } from 'node:path';
import type { ProjectView } from '../../contract/api-projects.ts';
import type { NoticeReason, NotificationSettings } from '../../contract/desktop-settings.ts';
import type { NoticeRules } from './notices.ts';

type Project = Pick<ProjectView, 'folder' | 'settings'>;

/** What holds for notices: the settings, and for work in the folder of a project what that says otherwise. */
export function noticeRules(settings: NotificationSettings, projects: readonly Project[]): NoticeRules {
  const saying = projects.flatMap(({ folder, settings: own }) => {
    const said = Object.entries(own?.notifications?.reasons ?? {}).filter(([, is]) => is !== undefined);
    return said.length === 0
      ? []
      : [{ folder, said: Object.fromEntries(said) as Partial<NotificationSettings['reasons']> }];
  });
  const differing = new Set<NoticeReason>();
  for (const { said } of saying) {
    for (const [reason, is] of Object.entries(said) as [NoticeReason, boolean][]) {
      if (is !== settings.reasons[reason]) differing.add(reason);
    }
  }
  return {
    settings,
    differing,
    reasonsFor(folder) {
      if (folder === null) return settings.reasons;
      // Of projects within projects the inner one says.
      const [nearest] = saying
        .filter((project) => isWithin(folder, project.folder))
        .sort((a, b) => b.folder.length - a.folder.length);
      return nearest === undefined ? settings.reasons : { ...settings.reasons, ...nearest.said };
    },
  };
}

function isWithin(folder: string, project: string): boolean {
  const way = relative(project, folder);
  return way === '' || (!isAbsolute(way) && way !== '..' && !/^\.\.[/\\]/.test(way));
}
