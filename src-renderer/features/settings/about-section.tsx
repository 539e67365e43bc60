import { useEntry } from '../../api/use-entry.ts';
import { KeyValue } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { licences } from './licences.ts';
import classes from './settings.module.css';

const packages = licences
  .trim()
  .split('\n')
  .map((line) => line.split(' | '));

/** Which Signalbox this is, and what it is made of. */
export function AboutSection() {
  const { data } = useEntry('getStatus', {});
  return (
    <div className={classes.section}>
      <Panel title="Signalbox">
        <div className={classes.fields}>
          <p className={classes.note}>
            A control room for the agents and commands that run on this machine. It works without any service; nothing
            is sent anywhere.
          </p>
          <KeyValue
            items={[
              ['Version', data?.version ?? '–'],
              ['Engine', data === undefined ? '–' : `process ${data.pid}`],
              ['Running since', data === undefined ? '–' : <RelativeTime key="since" at={data.startedAt} />],
              ['Licence', 'MIT'],
            ]}
          />
        </div>
      </Panel>
      <Panel title="Made of" actions={<span>{packages.length} packages</span>} isFlush>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className={classes.scroll} aria-label="Packages and their licences" tabIndex={0}>
          <table className={classes.licences}>
            <thead>
              <tr>
                <th scope="col">Package</th>
                <th scope="col">Version</th>
                <th scope="col">Licence</th>
              </tr>
            </thead>
            <tbody>
              {packages.map(([name, version, licence]) => (
                <tr key={`${name} ${version}`}>
                  <td>{name}</td>
                  <td>{version}</td>
                  <td>{licence}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </Panel>
    </div>
  );
}
