/** A server of a test's own making that the command line talks to. */
import { createServer, type RequestListener } from 'node:http'
import type { ExecutionContext } from 'ava'

/** Resolves with the variables that lead `dispatch` there. */
export async function listenForCli(t: ExecutionContext, handle: RequestListener): Promise<Record<string, string>> {
  const server = createServer(handle)
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? String(address.port) : ''
  return { DISPATCH_HOST: '127.0.0.1', DISPATCH_SCHEME: 'http', DISPATCH_PORT: port }
}
