/** Answers by path what it is given over its channel, and tells each path that was asked for. Runs in a network namespace. */
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Files } from './package-index-formats.ts'

let files: Files = {}

process.on('message', (given: Files) => {
  files = given
  process.send?.({ holds: Object.keys(given).length })
})
process.on('disconnect', () => process.exit())

const answer: RequestListener = (request, response) => {
  // Absolute where it is asked as a proxy.
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://index').pathname)
  process.send?.({ asked: path })
  const content = files[path]
  // pip reads no page without its type.
  const type = path.endsWith('/') ? 'text/html' : 'application/octet-stream'
  response.writeHead(content === undefined ? 404 : 200, { 'content-type': type })
  response.end(request.method === 'HEAD' ? undefined : content)
}

const { INDEX_IDENTITY: identity } = process.env
const server = identity === undefined ? createServer(answer) : createTlsServer(JSON.parse(identity), answer)
server.listen(8080, '0.0.0.0', () => process.send?.({ holds: 0 }))
