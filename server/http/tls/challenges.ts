/** Answers what an authority asks over HTTP before it believes that a domain is this server's (RFC 8555, section 8.3). */
import type { RequestListener, Server } from 'node:http'
import { connectionLimits, createListener, createRequestIds } from '../connections.ts'

export interface ChallengesOptions {
  host: string
  /** Where the authority asks, as far as this machine is concerned; undefined: `wrap` is enough. */
  port: number | undefined
}

export interface Challenges {
  /** A listener that answers them, and leaves all else to another one. */
  wrap(handle: RequestListener): RequestListener
  /** Resolves when it can be asked for. */
  add(token: string, answer: string): Promise<void>
  remove(token: string): Promise<void>
}

const prefix = '/.well-known/acme-challenge/'

const refuse: RequestListener = (_request, response) => void response.writeHead(404).end()

const listen = (server: Server, at: { host: string; port: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(at, resolve)
  })

export function createChallenges({ host, port }: ChallengesOptions): Challenges {
  const answers = new Map<string, string>()
  let open: Server | undefined

  const wrap: Challenges['wrap'] = handle => (request, response) => {
    const { url = '' } = request
    const answer = url.startsWith(prefix) ? answers.get(url.slice(prefix.length)) : undefined
    if (answer === undefined) return handle(request, response)
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': answer.length }).end(answer)
  }

  return {
    wrap,
    add: async (token, answer) => {
      answers.set(token, answer)
      if (port === undefined || open) return
      const nextRequestId = createRequestIds('challenge')
      open = createListener({ limits: connectionLimits, nextRequestId, handle: wrap(refuse) })
      await listen(open, { host, port }).catch(thrown => {
        open = undefined
        throw new Error(`port ${port}, on which the authority asks: ${thrown.message}`, { cause: thrown })
      })
    },
    remove: async token => {
      answers.delete(token)
      if (answers.size > 0) return
      open?.close()
      open?.closeAllConnections()
      open = undefined
    },
  }
}
