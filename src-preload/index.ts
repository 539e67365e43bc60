import { contextBridge } from 'electron';

/** What the page may know about the host it runs in; it gets no Node and no Electron. */
contextBridge.exposeInMainWorld('signalboxHost', {
  kind: 'electron',
  platform: process.platform,
});
