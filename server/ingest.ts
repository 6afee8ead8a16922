/** The listener that drivers send events to: on this machine's address in their network, and for that alone. */
import type { FastifyInstance } from 'fastify'
import { messageOf } from './core/errors.ts'
import type { Operation } from './http/operation.ts'

/** The driver's token is the credential, wherever it stands. */
export const ingestOperations = (operations: readonly Operation[]): Operation[] =>
  operations.filter(({ id }) => id === 'ingestEvent').map(operation => ({ ...operation, access: 'public' }))

export interface IngestListenerOptions {
  create(): FastifyInstance
  listen(api: FastifyInstance, address: string): Promise<void>
  port: number
}

export interface IngestListener {
  /** Listens on the address and on no other one. Resolves with host:port. */
  open(address: string): Promise<string>
  close(): Promise<void>
}

/** Of all drivers: a program that opens ever more of them takes none from the API. */
const maxConnections = 256

export function createIngestListener({ create, listen, port }: IngestListenerOptions): IngestListener {
  let listening: { address: string; api: FastifyInstance } | undefined
  /** One after the other: drivers are started side by side. */
  let last: Promise<unknown> = Promise.resolve()

  const close = async (): Promise<void> => {
    const { api } = listening ?? {}
    listening = undefined
    api?.server.closeAllConnections()
    await api?.close()
  }

  const open = async (address: string): Promise<string> => {
    const place = `${address}:${port}`
    if (listening?.address === address) return place
    await close()
    const api = create()
    api.server.maxConnections = maxConnections
    await listen(api, address).catch(thrown => {
      throw new Error(
        `the events of drivers cannot be taken in on ${place}: ${messageOf(thrown)}; is another program listening there? Choose another port with --ingest-port`,
        { cause: thrown },
      )
    })
    listening = { address, api }
    return place
  }

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }

  return { open: address => inTurn(() => open(address)), close: () => inTurn(close) }
}
