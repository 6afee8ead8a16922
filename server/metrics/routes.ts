/** The operation that serves metrics. */
import type { Operation } from '../http/operation.ts'
import type { Snapshot } from './catalogue.ts'
import { createRenderer } from './render.ts'

/** Like /healthz for anyone who reaches the port: what it shows names no function, no organization and no content. */
export function createMetricsOperation(read: () => Promise<Snapshot>): Operation {
  const render = createRenderer(read)
  return {
    id: 'getMetrics',
    group: 'server',
    method: 'GET',
    path: '/metrics',
    summary: 'Get the metrics of the server, for Prometheus',
    answers: { 200: { description: 'The metrics', contentType: 'text/plain' } },
    access: 'public',
    handle: async () => {
      const { type, text } = await render()
      return { status: 200, content: { type, pieces: [text] } }
    },
  }
}
