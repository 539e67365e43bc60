import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Every process that runs on Node has its own entry: out/main/<name>.js. */
const mainEntries = {
  index: 'src-main/index.ts',
  cli: 'src-main/cli.ts',
  'agent-host': 'src-main/agents/host/main.ts',
  'builtin-agent': 'src-main/agents/builtin/main.ts',
  'test-agent': 'src-main/agents/test-agent/main.ts',
  'backup-worker': 'src-main/store/backup-worker.ts',
  'checkpoint-worker': 'src-main/store/checkpoint-worker.ts',
  'diagnose-worker': 'src-main/store/diagnose-worker.ts',
  'query-worker': 'src-main/store/query-worker.ts',
  'repair-worker': 'src-main/store/repair-worker.ts',
  'log-search-worker': 'src-main/agents/log-file/search-worker.ts',
  'workflow-parse-worker': 'src-main/workflows/parse-worker.ts',
};

/** The development server injects inline scripts, which the page's policy forbids; only there it goes without. */
const allowInlineScripts = {
  name: 'allow-inline-scripts',
  apply: 'serve' as const,
  transformIndexHtml: (html: string) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
};

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      rolldownOptions: {
        input: mainEntries,
        output: {
          entryFileNames: '[name].js',
          // With a name of its own, by which the npm package leaves it out: only the desktop application updates itself.
          codeSplitting: { groups: [{ name: 'electron-updater', test: /node_modules\/electron-updater\// }] },
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload cannot load packages, and must be CommonJS.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src-preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    // Relative, so that one build works under app:// and behind the browser host.
    base: './',
    plugins: [react(), allowInlineScripts],
    build: {
      outDir: 'out/renderer',
      // The page's policy loads faces from files only, never from data: addresses.
      assetsInlineLimit: 0,
      // A page of the browser host travels over a wire; the processes stay readable in their stack traces.
      minify: true,
      rolldownOptions: {
        input: 'src-renderer/index.html',
        // What each view needs anyway, apart from the program's own code, which changes more often.
        output: {
          codeSplitting: {
            groups: [
              { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
              { name: 'mantine', test: /node_modules\/(@mantine|@floating-ui)\// },
              { name: 'zod', test: /node_modules\/zod\// },
            ],
          },
        },
      },
    },
  },
});
