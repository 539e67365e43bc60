/** The desktop application: one process that works, and windows that show it. */
import { join } from 'node:path';
import { app, shell } from 'electron';
import { prepareApplicationFolder, unusualFolder } from './shell/application-folder.ts';
import { linkScheme } from './shell/deep-link.ts';
import { hearLinks } from './shell/links.ts';
import { openApplicationEngine, tellFailure } from './shell/open-application-engine.ts';
import { runApplication } from './shell/run-application.ts';
import { lockDownContents } from './shell/security.ts';
import { interfacePlace, registerInterfaceScheme } from './shell/serve-interface.ts';
import { isHiddenStart } from './shell/start-at-login.ts';

app.enableSandbox();
registerInterfaceScheme();
const { address } = interfacePlace();
const links = hearLinks(app, process.argv);
app.on('web-contents-created', (_event, contents) => {
  lockDownContents(contents, address, (url) => void shell.openExternal(url));
});

const folder = await prepareApplicationFolder(process.argv.slice(1));
if (folder.ok) await start(folder.value);
else {
  tellFailure(folder.error);
  app.exit(1);
}

async function start(dataFolder: string): Promise<void> {
  // One application per data folder: what Chromium keeps, and by what it knows a second start, lies in it.
  app.setPath('userData', join(dataFolder, 'window'));
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
  await app.whenReady();
  const engine = await openApplicationEngine(dataFolder);
  if (engine === null) app.exit(1);
  else runApplication(engine, { links, isHidden: isHidden(), unusualFolder: unusualFolder(dataFolder) });
}

/** A Mac passes no words to what it starts at login. */
function isHidden(): boolean {
  if (isHiddenStart(process.argv)) return true;
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}
