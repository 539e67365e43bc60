import { Link } from 'wouter';
import type { ProjectView } from '../../../src-main/contract/api-projects.ts';
import { FieldGroup } from '../../ui/field-group.tsx';
import { KeyValue } from '../../ui/figures.tsx';
import { pathInside, workflowAddress } from '../workflows/workflow-address.ts';
import { FileProblems } from './file-problems.tsx';
import { commandWords, overridesOf } from './project-words.ts';
import classes from './settings.module.css';

/** What a project brings: programs first, because they are what trust is about. */
export function ProjectContents({ project }: { readonly project: ProjectView }) {
  const { folder, agents, workflows, settings, problems, trusted } = project;
  const overrides = settings === null ? [] : overridesOf(settings);
  const faults = [
    ...problems.map(({ path, problem }) => ({ file: pathInside(folder, path), problem })),
    ...workflows.flatMap(({ path, problems: found }) =>
      found.map((problem) => ({ file: pathInside(folder, path), problem })),
    ),
  ];
  return (
    <>
      {agents.length > 0 && (
        <FieldGroup label={trusted ? 'Agents, which run these programs' : 'Agents: it would run these programs'}>
          <ul className={classes.brought}>
            {agents.map(({ id, title, type, command }) => (
              <li key={id}>
                <span className={classes.name}>{trusted ? <Link href={`/agents/${id}`}>{title}</Link> : title}</span>
                <span className={classes.small}>{type}</span>
                <code className={classes.program}>{commandWords(command)}</code>
              </li>
            ))}
          </ul>
        </FieldGroup>
      )}
      {workflows.length > 0 && (
        <FieldGroup label="Workflows">
          <ul className={classes.brought}>
            {workflows.map((workflow) => (
              <li key={workflow.path}>
                <span className={classes.name}>
                  {trusted ? <Link href={workflowAddress(workflow)}>{workflow.name}</Link> : workflow.name}
                </span>
                <span className={classes.small}>{workflow.title === workflow.name ? '' : workflow.title}</span>
              </li>
            ))}
          </ul>
        </FieldGroup>
      )}
      {overrides.length > 0 && (
        <FieldGroup label="Settings, for work in its folder">
          <KeyValue items={overrides} />
        </FieldGroup>
      )}
      <FileProblems label={`Faults of ${project.name}`} problems={faults} />
    </>
  );
}
