import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  addressOfReference,
  askedOf,
  inProject,
  pathInside,
  referenceOf,
  workflowAddress,
  workflowWords,
} from '../../../src-renderer/features/workflows/workflow-address.ts';
import { parseHash } from '../../../src-renderer/ui/hash-location.ts';

const own = { name: 'deploy', origin: 'user', path: '/data/workflows/deploy.yaml', project: null } as const;
const ofProject = {
  name: 'deploy',
  origin: 'project',
  path: '/work/shop/.signalbox/workflows/deploy.yaml',
  project: '/work/shop',
} as const;

describe('R70 the address of a workflow', () => {
  it('is its name, and of a project’s its file, so that two of one name are two places', () => {
    expect(workflowAddress(own)).toBe('/workflows/deploy');
    expect(workflowAddress(own, { run: 'new' })).toBe('/workflows/deploy?run=new');
    expect(workflowAddress(ofProject)).toBe(
      '/workflows/deploy?file=%2Fwork%2Fshop%2F.signalbox%2Fworkflows%2Fdeploy.yaml',
    );
    expect([referenceOf(own), referenceOf(ofProject)]).toEqual(['deploy', ofProject.path]);
  });

  it('leads back to the same file, whatever its path', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (path) => {
        const { search } = parseHash(`#${workflowAddress({ ...ofProject, path }, { tab: 'versions' })}`);
        const query = new URLSearchParams(search);
        expect([query.get('file'), query.get('tab')]).toEqual([path, 'versions']);
      }),
    );
  });

  it('asks the engine by the file, or by what a name means in a folder', () => {
    expect(askedOf({ name: 'deploy', file: null, folder: null })).toEqual({ workflow: 'deploy' });
    expect(askedOf({ name: 'deploy', file: null, folder: '/work/shop' })).toEqual({
      workflow: 'deploy',
      folder: '/work/shop',
    });
    expect(askedOf({ name: 'deploy', file: '/a.yaml', folder: '/work/shop' })).toEqual({ workflow: '/a.yaml' });
    expect(addressOf({ name: 'deploy', file: null, folder: '/work/shop' })).toBe(
      '/workflows/deploy?folder=%2Fwork%2Fshop',
    );
  });

  it('is made of what a run or a schedule names', () => {
    expect(addressOfReference('deploy')).toBe('/workflows/deploy');
    expect(addressOfReference('deploy', '/work')).toBe('/workflows/deploy?folder=%2Fwork');
    expect(addressOfReference('/work/a/ship.yml', '/work')).toBe('/workflows/ship?file=%2Fwork%2Fa%2Fship.yml');
    expect(addressOfReference('C:\\a\\ship.yaml')).toBe('/workflows/ship?file=C%3A%5Ca%5Cship.yaml');
  });
});

it('R70 a workflow of a project is listed with its project', () => {
  expect(workflowWords({ ...own, title: 'deploy' })).toBe('deploy');
  expect(workflowWords({ ...own, title: 'Ships' })).toBe('deploy: Ships');
  expect(workflowWords({ ...ofProject, title: 'Ships' })).toBe('deploy: Ships (shop)');
  expect(inProject({ title: 'Ships', project: '/work/shop/' })).toBe('Ships (shop)');
});

it('R70 a file of a project is shown as seen from its folder', () => {
  expect(pathInside('/work/shop', '/work/shop/.signalbox/settings.json')).toBe('.signalbox/settings.json');
  expect(pathInside('C:\\shop', 'C:\\shop\\.signalbox\\a.yaml')).toBe('.signalbox\\a.yaml');
  expect(pathInside('/work/shop', '/work/shopping/a.yaml')).toBe('/work/shopping/a.yaml');
});
