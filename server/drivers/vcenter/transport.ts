/** Posts to a server whose certificate has a known thumbprint, or else a known authority; nothing is sent before that is seen. */
import { request } from 'node:http'
import { connect, type TLSSocket } from 'node:tls'
import type { VcenterSettings } from './settings.ts'

export interface Posted {
  status: number
  headers: NodeJS.Dict<string | string[]>
  body: string
}

const timeoutMs = 30_000
const maxAnswerBytes = 32 * 1024 * 1024

type Place = Pick<VcenterSettings, 'url' | 'thumbprint'>

function isPinned(socket: TLSSocket, thumbprint: string): boolean {
  const { fingerprint, fingerprint256 } = socket.getPeerCertificate()
  return [fingerprint, fingerprint256].some(each => each?.replaceAll(':', '').toLowerCase() === thumbprint)
}

function openSocket({ url, thumbprint }: Place): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const isName = !/^[\d.]+$|:/.test(host)
    const port = Number(url.port || 443)
    const socket = connect({ host, port, ...(isName && { servername: host }), rejectUnauthorized: thumbprint === '' })
    socket.setTimeout(timeoutMs, () =>
      socket.destroy(new Error(`${url.host} did not answer within ${timeoutMs / 1000} s`)),
    )
    socket.once('error', (thrown: NodeJS.ErrnoException) => {
      reject(new Error(`${url.host} cannot be reached: ${thrown.message || thrown.code}`, { cause: thrown }))
    })
    socket.once('secureConnect', () => {
      if (thumbprint === '' || isPinned(socket, thumbprint)) return resolve(socket)
      socket.destroy()
      reject(new Error(`the certificate of ${url.host} has another thumbprint than vcenter-thumbprint`))
    })
  })
}

export async function post(place: Place, body: string, headers: Record<string, string>): Promise<Posted> {
  const socket = await openSocket(place)
  const { url } = place
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body), connection: 'close', host: url.host }
    const options = { method: 'POST', path: url.pathname, headers: { ...headers, ...length } }
    const sent = request({ ...options, createConnection: () => socket })
    sent.on('error', reject)
    sent.on('response', answer => {
      const chunks: Buffer[] = []
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > maxAnswerBytes) sent.destroy(new Error(`${url.host} answered more than ${maxAnswerBytes} bytes`))
        chunks.push(chunk)
      })
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sent.end(body)
  })
}
