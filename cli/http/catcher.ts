/** Owns the listener on this machine to which a browser brings the cookie of a login. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** Undefined: the browser came without a cookie. */
export type Caught = { readonly cookie: string | undefined }

export interface Catcher {
  /** Where the browser is to go; whoever does not know it is not listened to. */
  readonly url: string
  /** Undefined as long as nobody came. */
  readonly caught: Caught | undefined
  close(): void
}

const reply = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
  response.end(text)
}

/** `state` is for this login alone, and not to be guessed. */
export async function openCatcher(state: string): Promise<Catcher> {
  const path = `/catcher/${state}`
  let caught: Caught | undefined
  const handle = ({ method, url = '' }: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost')
    if (method !== 'GET' || pathname !== path || caught) return reply(response, 404, 'Nothing is here.')
    caught = { cookie: searchParams.get('cookie') || undefined }
    if (caught.cookie) reply(response, 200, 'Cookie received. Please close this page.')
    else reply(response, 400, 'Invalid/Error Authorization Cookie.')
  }
  const server = createServer(handle)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}${path}`,
    get caught() {
      return caught
    },
    close: () => void server.close(),
  }
}
