/** Hands events over to the server. */
import { request } from 'node:http'
import type { Endpoint } from './settings.ts'

const timeoutMs = 10_000

/** `json`: an event in CloudEvents 1.0, or a list of them. Resolves when they are on disk; rejects with what the server said instead. */
export function sendEvents({ host, port, token }: Endpoint, json: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const isList = json.startsWith('[')
    const sent = request({
      host,
      port,
      method: 'POST',
      path: '/v1/event/ingest',
      timeout: timeoutMs,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': `application/cloudevents${isList ? '-batch' : ''}+json`,
        'content-length': Buffer.byteLength(json),
      },
    })
    sent.on('timeout', () => sent.destroy(new Error(`the server did not answer within ${timeoutMs / 1000} s`)))
    sent.on('error', reject)
    sent.on('response', answer => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode === 200) return resolve()
        reject(new Error(`the server answered ${answer.statusCode}: ${Buffer.concat(chunks).toString().slice(0, 200)}`))
      })
    })
    sent.end(json)
  })
}
