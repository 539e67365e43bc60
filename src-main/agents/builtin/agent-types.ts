import type { AgentType } from './stage-work.ts';
import { debugApplication } from './stages/debug-application.ts';
import { deployRelease } from './stages/deploy-release.ts';
import { implementFeature } from './stages/implement-feature.ts';
import { initializeApplication } from './stages/initialize-application.ts';
import { integrateApplication } from './stages/integrate-application.ts';
import { monitorDeployment } from './stages/monitor-deployment.ts';
import { prepareBugfix, prepareFeature } from './stages/prepare-repository.ts';
import { repairOperation } from './stages/repair-operation.ts';
import { scaffoldApplication } from './stages/scaffold-application.ts';
import { testApplication } from './stages/test-application.ts';
import { validateApplication } from './stages/validate-application.ts';

const agentTypes: readonly AgentType[] = [
  {
    name: 'scaffold',
    summary: 'Creates and changes calculator applications',
    work: {
      'app/initialization': initializeApplication,
      'app/scaffolding': scaffoldApplication,
      'feature/initialization': prepareFeature,
      'feature/implementation': implementFeature,
      'bugfix/initialization': prepareBugfix,
      'bugfix/fixing': repairOperation,
    },
  },
  {
    name: 'validation',
    summary: 'Checks files, syntax and modules',
    work: {
      'app/validation': validateApplication,
      'feature/validation': validateApplication,
      'bugfix/validation': validateApplication,
    },
  },
  {
    name: 'e2e',
    summary: "Runs an application's own tests and finds faults",
    work: {
      'app/e2e_testing': testApplication,
      'feature/testing': testApplication,
      'bugfix/debugging': debugApplication,
      'bugfix/testing': testApplication,
    },
  },
  {
    name: 'integration',
    summary: 'Starts an application and calls it from outside',
    work: {
      'app/integration': integrateApplication,
      'feature/integration': integrateApplication,
    },
  },
  {
    name: 'deployment',
    summary: 'Packs, installs and watches releases',
    work: {
      'app/deployment': deployRelease,
      'app/monitoring': monitorDeployment,
      'feature/deployment': deployRelease,
      'bugfix/deployment': deployRelease,
    },
  },
];

/** The built-in agent type of that name, undefined when there is none. */
export function findAgentType(name: string): AgentType | undefined {
  return agentTypes.find((type) => type.name === name);
}

/** Names of the built-in agent types. */
export function knownAgentTypes(): string[] {
  return agentTypes.map((type) => type.name);
}
