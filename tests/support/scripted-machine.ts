import type { DetectedAgent } from '../../src-main/contract/api-agents.ts';
import type { Finding } from '../../src-main/contract/api-engine.ts';
import { ok } from '../../src-main/contract/result.ts';
import type { Settings } from '../../src-main/contract/settings.ts';
import type { Machine, SettingsFile } from '../../src-main/core/ports.ts';

/** Settings without a file: what is saved holds at once. */
export class ScriptedSettings implements SettingsFile {
  readonly inForce: Settings;

  constructor(atStart: Settings) {
    this.inForce = { ...atStart };
  }

  view() {
    return Promise.resolve({ settings: this.inForce, path: '/settings.json', problem: null, needsRestart: false });
  }

  async save(settings: Settings) {
    Object.assign(this.inForce, settings);
    return ok(await this.view());
  }
}

/** A machine that has what the test says. */
export class ScriptedMachine implements Machine {
  readonly agents: Omit<DetectedAgent, 'registered'>[] = [];
  readonly findings: Finding[] = [];
  /** Free space of the disk, in bytes. */
  free: number | null = 1024 ** 4;
  /** How often that was asked for. */
  looksAtDisk = 0;

  detectAgents() {
    return this.agents;
  }

  check() {
    return Promise.resolve(this.findings);
  }

  measureDataFolder() {
    return Promise.resolve({ bytes: { database: 1, logs: 2, workspaces: 3, other: 4 }, entries: 5, isComplete: true });
  }

  freeBytes() {
    this.looksAtDisk += 1;
    return Promise.resolve(this.free);
  }
}
