/** How the desktop application is packaged. `docs/packaging.md` says what comes of it, and where each part is tried. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import signalbox from './package.json' with { type: 'json' };
import { writeLinuxScripts } from './scripts/packaging/linux-scripts.mjs';

/** What the application calls itself, too. */
const productName = 'Signalbox';

/**
 * @param {object} [given]
 * @param {string} [given.output] folder in which everything is made; nothing of it is kept in the repository
 * @param {Readonly<Record<string, string | undefined>>} [given.env] `GITHUB_REPOSITORY`, as GitHub sets it in its
 *   workflows, says where a release goes and who is written to; without it nothing is published, and nothing updates.
 *   `CSC_LINK` or `CSC_NAME` names a certificate; without one there is no signature that anybody could check.
 * @returns {import('electron-builder').Configuration}
 */
export function configure({ output = 'dist', env = process.env } = {}) {
  const [owner, repo] = env.GITHUB_REPOSITORY?.split('/') ?? [];
  const isHosted = owner !== undefined && repo !== undefined;
  const linuxScripts = writeLinuxScripts(join(output, 'scripts'));
  // electron-builder writes into what it is given.
  const own = structuredClone({ whatIsPacked, windows, linux, mac: env.CSC_LINK || env.CSC_NAME ? mac : unsignedMac });
  return {
    ...own.whatIsPacked,
    ...own.windows,
    mac: own.mac,
    directories: { output, buildResources: 'resources/installers' },
    publish: isHosted ? { provider: 'github', owner, repo, releaseType: 'draft' } : null,
    extraMetadata: {
      productName,
      // By this name the windows and the desktop entry know each other.
      desktopName: 'signalbox.desktop',
      ...(isHosted ? { homepage: `https://github.com/${owner}/${repo}` } : {}),
    },
    linux: {
      ...own.linux,
      maintainer: isHosted ? `${signalbox.author} <${owner}@users.noreply.github.com>` : signalbox.author,
    },
    deb: { packageCategory: 'devel', ...linuxScripts },
    rpm: linuxScripts,
    // Electron's own example page; a runtime that is taken from a folder still has it.
    afterPack: ({ appOutDir, packager }) =>
      rm(join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true }),
  };
}

/** @type {import('electron-builder').Configuration} */
const whatIsPacked = {
  appId: 'app.signalbox.desktop',
  productName,
  artifactName: `\${productName}-\${version}-\${os}-\${arch}.\${ext}`,
  protocols: { name: 'Signalbox', schemes: ['signalbox'] },
  // What runs, what it shows, and what it reads. Packages of node_modules are those of `dependencies`, without what
  // they carry for who builds, tests or reads them; of the native module only that of this system.
  files: [
    'package.json',
    'out/{main,preload,renderer}/**',
    '!out/**/*.map',
    'resources/{tray,workflows}/**',
    'resources/icons/png/256x256.png',
    '!node_modules/**/*.{map,md,markdown,ts,mts,cts,tsx,flow,yml,yaml,sh,html,ico,bnf,tsbuildinfo}',
    '!node_modules/{*,@*/*}/{test,tests,example,examples,benchmark,benchmarks,docs,integration}{,/**}',
    '!node_modules/**/{.*,CNAME}',
    '!node_modules/@agentclientprotocol/sdk/schema{,/**}',
    // In Electron, `open` takes the one of the system.
    '!node_modules/open/xdg-open',
    '!node_modules/node-addon-api{,/**}',
    '!node_modules/better-sqlite3/{src,deps,prebuilds,binding.gyp}{,/**}',
    `node_modules/better-sqlite3/prebuilds/${process.platform}-\${arch}.node`,
  ],
  extraResources: [
    { from: 'LICENSE', to: 'LICENSE.txt' },
    { from: 'out/THIRD-PARTY-LICENSES.txt', to: 'THIRD-PARTY-LICENSES.txt' },
  ],
  // The system loads a native module from a file. Everything else stays in the archive, whose sums are checked.
  asar: { smartUnpack: false },
  asarUnpack: ['**/*.node'],
  // It is prebuilt for Node-API; such a module runs on Node and on Electron as it is.
  npmRebuild: false,
  // The reason for each is in ARCHITECTURE.md, "Electron's switches".
  electronFuses: {
    runAsNode: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
    loadBrowserProcessSpecificV8Snapshot: false,
  },
};

/** @type {import('electron-builder').LinuxConfiguration} */
const linux = {
  executableName: 'signalbox',
  syncDesktopName: true,
  icon: 'resources/icons/png',
  category: 'Development',
  desktop: {
    entry: { GenericName: 'Agent Control Room', Keywords: 'agents;automation;workflows;queue;orchestrator;' },
  },
  extraResources: [{ from: 'resources/installers/signalbox.sh', to: 'bin/signalbox' }],
};

/** @type {import('electron-builder').MacConfiguration} */
const mac = {
  target: [
    { target: 'dmg', arch: ['x64', 'arm64'] },
    { target: 'zip', arch: ['x64', 'arm64'] },
  ],
  icon: 'resources/icons/signalbox.icns',
  category: 'public.app-category.developer-tools',
  hardenedRuntime: true,
  entitlements: 'resources/installers/entitlements.mac.plist',
  entitlementsInherit: 'resources/installers/entitlements.mac.plist',
};

/**
 * A signature without a certificate: Macs with processors of Apple start nothing without one. The hardened runtime
 * would refuse the frameworks of such an application, since they name no common owner.
 */
const unsignedMac = { ...mac, identity: '-', hardenedRuntime: false };

/** @type {import('electron-builder').Configuration} */
const windows = {
  win: {
    target: [{ target: 'nsis', arch: ['x64'] }],
    icon: 'resources/icons/signalbox.ico',
  },
  nsis: { oneClick: false, allowToChangeInstallationDirectory: true },
};
