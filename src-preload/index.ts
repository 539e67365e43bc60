import { contextBridge } from 'electron';
import { createHost } from './host.ts';

/** All that the page gets of Electron and Node. */
contextBridge.exposeInMainWorld('signalboxHost', createHost());
