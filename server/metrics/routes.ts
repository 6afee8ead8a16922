/** The operation that serves metrics. */
import type { Access } from '../core/access.ts'
import type { Operation } from '../http/operation.ts'
import type { Snapshot } from './catalogue.ts'
import { createRenderer } from './render.ts'

/** What it shows names no function, no organization and no content: it is for everybody who may know how busy the server is. */
export function createMetricsOperation(read: () => Promise<Snapshot>, access: Access): Operation {
  const render = createRenderer(read)
  return {
    id: 'getMetrics',
    group: 'server',
    method: 'GET',
    path: '/metrics',
    summary: 'Get the metrics of the server, for Prometheus',
    answers: { 200: { description: 'The metrics', contentType: 'text/plain' } },
    description: 'Where the server asks for credentials, for those it knows.',
    access,
    anyOrganization: true,
    handle: async () => {
      const { type, text } = await render()
      return { status: 200, content: { type, pieces: [text] } }
    },
  }
}
