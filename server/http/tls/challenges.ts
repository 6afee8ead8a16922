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
  /** Listens for the authority while the work goes on, which is not begun when that is not possible. */
  during<Result>(work: () => Promise<Result>): Promise<Result>
  add(token: string, answer: string): void
  remove(token: string): void
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

  const wrap: Challenges['wrap'] = handle => (request, response) => {
    const { url = '' } = request
    const answer = url.startsWith(prefix) ? answers.get(url.slice(prefix.length)) : undefined
    if (answer === undefined) return handle(request, response)
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': answer.length }).end(answer)
  }

  /** Resolves with what ends it. */
  const listenForAuthority = async (): Promise<() => void> => {
    if (port === undefined) return () => undefined
    const nextRequestId = createRequestIds('challenge')
    const server = createListener({ limits: connectionLimits, nextRequestId, handle: wrap(refuse) })
    await listen(server, { host, port }).catch(thrown => {
      throw new Error(`port ${port}, on which the authority asks: ${thrown.message}`, { cause: thrown })
    })
    return () => {
      server.close()
      server.closeAllConnections()
    }
  }

  return {
    wrap,
    during: async work => {
      const close = await listenForAuthority()
      return work().finally(close)
    },
    add: (token, answer) => void answers.set(token, answer),
    remove: token => void answers.delete(token),
  }
}
