/** What becomes of clients that take nothing, and of silence, with times that are short. */
import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import test, { type ExecutionContext } from 'ava'
import type { Outcome, PieceListener } from '../../../../server/core/execution.ts'
import { createStreams } from '../../../../server/gateway/streams.ts'
import { answer } from '../../../helpers/fake-execution.ts'

type Work = (onPiece: PieceListener) => Promise<Outcome>

/** A server whose every answer is a stream of what the work gives. */
async function serve(t: ExecutionContext, work: Work): Promise<IncomingMessage> {
  const noPiece: PieceListener = async () => false
  const invoker = {
    call: async ({ onPiece = noPiece }) => ({ runName: 'r', outcome: await work(onPiece) }),
  }
  const streams = createStreams(invoker, { stallMs: 300, heartbeatMs: 20 })
  const server = createServer(async (_, response) => {
    const { body } = await streams.call({ org: 'o', functionName: 'f', inputJson: '{}' }, true)
    response.writeHead(200)
    if (typeof body === 'function') await body(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return new Promise((resolve, reject) => get({ host: '127.0.0.1', port }, resolve).once('error', reject))
}

test('a client that takes nothing for the time of a stall is given up, and the function is told', async t => {
  const ended = Promise.withResolvers<number>()
  await serve(t, async onPiece => {
    let count = 0
    while (await onPiece({ type: 'bytes', bytes: Buffer.alloc(2 ** 20) })) count += 1
    ended.resolve(count)
    return answer('null')
  })
  t.true((await ended.promise) < 50)
})

test('silence between events is broken by comments, which are no events', async t => {
  const heard = Promise.withResolvers<void>()
  const client = await serve(t, async onPiece => {
    await onPiece({ type: 'text', text: 'a' })
    await heard.promise
    return answer('null')
  })
  let got = ''
  for await (const chunk of client) {
    got += String(chunk)
    if (got.endsWith(':\n\n:\n\n')) heard.resolve()
  }
  t.true(got.startsWith('data: a\n\n:\n\n'))
})
