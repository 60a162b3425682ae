import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const root = fileURLToPath(new URL('app', import.meta.url))
const outDir = fileURLToPath(new URL('../dist/app', import.meta.url))

/** Where the server puts the base path into the built pages; in development there is none. */
const BASE_PATH_PLACEHOLDER = /__BASE_PATH__/g

/** The development server's part in what the Codraft server does with the pages. */
function documentPages(): Plugin {
  return {
    name: 'codraft:document-pages',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (request.url?.startsWith('/d/') === true) request.url = '/document.html'
        next()
      })
    },
    transformIndexHtml: { order: 'pre', handler: (page) => page.replaceAll(BASE_PATH_PLACEHOLDER, '') },
  }
}

/** The app's two pages, and `codraft-editor.js`: the element in one file, for pages without a bundler. */
export default defineConfig({
  root,
  // Relative, under the pages' `<base href>`: nothing built knows the base path.
  base: './',
  plugins: [documentPages()],
  server: {
    proxy: {
      '/collab': { target: 'http://127.0.0.1:1234', ws: true },
      '/healthz': { target: 'http://127.0.0.1:1234' },
    },
  },
  build: { outDir, sourcemap: true, target: 'es2022', modulePreload: { polyfill: false } },
  environments: {
    client: {
      build: {
        emptyOutDir: true,
        rolldownOptions: { input: [`${root}/index.html`, `${root}/document.html`] },
      },
    },
    element: {
      consumer: 'client',
      build: {
        emptyOutDir: false,
        copyPublicDir: false,
        rolldownOptions: {
          input: `${root}/codraft-editor.ts`,
          preserveEntrySignatures: 'strict',
          output: { entryFileNames: 'codraft-editor.js', codeSplitting: false },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) await builder.build(environment)
    },
  },
})
