import { once } from 'node:events'
import { createServer, type Server } from 'node:http'

/** A web site of somebody else's, of one page: another origin than the server's. */
export class Site {
  readonly #server: Server

  static async open(html: string): Promise<Site> {
    const site = new Site(html)
    site.#server.listen(0, '127.0.0.1')
    await once(site.#server, 'listening')
    return site
  }

  private constructor(html: string) {
    this.#server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(html)
    })
  }

  get url(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the site is closed')
    return `http://127.0.0.1:${address.port}/`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
