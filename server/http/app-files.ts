import { readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import { decodeDocumentName } from '../../protocol/index.ts'
import type { FastifyInstance } from 'fastify'

/** What the app's pages hold where the path that people reach the server under belongs. */
const PLACEHOLDER = '__BASE_PATH__'

/**
 * Nothing but what this server serves; inline styles are set through the DOM only. Pictures may be embedded, and those of
 * documents come from wherever their writers took them.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob: http: https:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ')

/** Where the built client is, and where people reach it. */
export interface AppFilesOptions {
  readonly appDir: string
  /** What the paths of requests begin with: '' or `/path`. */
  readonly basePath: string
  /** What paths begin with in the browser: '' or `/path`. */
  readonly publicPath: string
}

/** Serves the home page, the document page, and the files that they and embedding pages load. */
export async function registerAppFiles(app: FastifyInstance, options: AppFilesOptions): Promise<void> {
  const page = async (file: string): Promise<string> =>
    (await readFile(join(options.appDir, file), 'utf8')).replaceAll(PLACEHOLDER, options.publicPath)
  const home = await page('index.html')
  const documentPage = await page('document.html')
  const pageHeaders = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  }

  const { basePath } = options
  app.get(`${basePath}/`, (_request, reply) => reply.headers(pageHeaders).send(home))
  if (basePath !== '') app.get(basePath, (_request, reply) => reply.redirect(`${options.publicPath}/`))
  app.get(`${basePath}/d/*`, (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const name = decodeDocumentName(path.slice(`${basePath}/d/`.length))
    // The page says what is wrong with the name.
    return reply
      .code(name === null ? 404 : 200)
      .headers(pageHeaders)
      .send(documentPage)
  })
  const assets = join(options.appDir, 'assets', sep)
  await app.register(fastifyStatic, {
    root: options.appDir,
    prefix: `${basePath}/`,
    index: false,
    // Pages go through the placeholder only.
    allowedPath: (path) => !path.endsWith('.html'),
    setHeaders(response, path) {
      // Pages of other origins embed the editor.
      response.setHeader('access-control-allow-origin', '*')
      response.setHeader('cross-origin-resource-policy', 'cross-origin')
      response.setHeader('x-content-type-options', 'nosniff')
      const isHashed = path.startsWith(assets)
      response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}
