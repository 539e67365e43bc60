import type { DetectedAgent } from '../../src-main/contract/api-agents.ts';
import type { Finding } from '../../src-main/contract/api-engine.ts';
import { ok } from '../../src-main/contract/result.ts';
import type { Settings } from '../../src-main/contract/settings.ts';
import type { Machine, SettingsFile } from '../../src-main/core/ports.ts';

/** Settings without a file: what is saved holds at once. */
export class ScriptedSettings implements SettingsFile {
  readonly inForce: Settings;
  /** Whether the engine wants to know what is changed by hand. */
  isWatched = false;
  #tell: Parameters<SettingsFile['onChange']>[0] = () => Promise.resolve();

  constructor(atStart: Settings) {
    this.inForce = { ...atStart };
  }

  view() {
    const restart = { needsRestart: false, restartSections: [] };
    return Promise.resolve({ settings: this.inForce, path: '/settings.json', problem: null, ...restart });
  }

  async save(settings: Settings) {
    await this.#change(settings, 'person');
    return ok(await this.view());
  }

  /** As if a person had changed the file. */
  changeByHand(settings: Partial<Settings>) {
    return this.#change(settings, 'engine');
  }

  onChange(changed: Parameters<SettingsFile['onChange']>[0]) {
    this.#tell = changed;
  }

  watch() {
    this.isWatched = true;
    return () => {
      this.isWatched = false;
    };
  }

  async #change(settings: Partial<Settings>, actor: 'person' | 'engine') {
    const names = Object.keys(settings) as (keyof Settings)[];
    const sections = names.filter((name) => JSON.stringify(settings[name]) !== JSON.stringify(this.inForce[name]));
    Object.assign(this.inForce, settings);
    if (sections.length > 0) await this.#tell(sections, actor);
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
