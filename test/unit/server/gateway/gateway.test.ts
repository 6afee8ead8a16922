/** The gateway's listener by itself, with short times: slow clients, what cannot be answered, and what it has counted. */
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import type { Invoker, ServedApi } from '../../../../server/core/ports.ts'
import { createGateway } from '../../../../server/gateway/gateway.ts'
import { createClock } from '../../../../server/system.ts'
import { answer } from '../../../helpers/fake-execution.ts'
import { head, limits } from '../../../helpers/listening-api.ts'
import { until } from '../../../helpers/wait.ts'

const api: ServedApi = {
  ...{ org: 'o', name: 'a', functionName: 'f', cors: false, tls: '' },
  ...{ hosts: [], uris: ['/x'], methods: [], protocols: [] },
}

async function open(
  t: ExecutionContext,
  call: Invoker['call'],
  find = async (): Promise<ServedApi | undefined> => api,
) {
  const lines: string[] = []
  const log = (_: object, message: string) => void lines.push(message)
  const gateway = createGateway({
    hasOrganization: () => true,
    apis: { list: async () => [api], find },
    invoker: { call, enqueue: async () => 'run' },
    secrets: { read: async () => ({}) },
    clock: createClock(),
    log: { info: log, warn: log, error: log },
    maxBodyBytes: 1000,
    startId: 'start',
    limits,
  })
  await gateway.start()
  const { http } = gateway.servers
  await new Promise<void>(resolve => http.listen({ host: '127.0.0.1', port: 0 }, resolve))
  t.teardown(async () => {
    http.closeAllConnections()
    await gateway.close()
  })
  const address = http.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const send = (bytes: string) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('error', () => undefined)
    socket.write(bytes)
    t.teardown(() => socket.destroy())
    return socket
  }
  const ask = async (bytes: string): Promise<string> => String(await buffer(send(bytes)).catch(() => ''))
  return { gateway, lines, send, ask }
}

const get = head('GET /x HTTP/1.1', 'Connection: close')
const ok = async () => ({ runName: 'run', outcome: answer('1') })

test('a client that does not take its answer is cut', async t => {
  const outcome = answer(`"${'x'.repeat(64 * 1024 * 1024)}"`)
  const { gateway, send } = await open(t, async () => ({ runName: 'run', outcome }))
  const count = () =>
    new Promise<number>(resolve => gateway.servers.http.getConnections((_, connections) => resolve(connections)))
  send(head('GET /x HTTP/1.1'))
  await until('it was answered', async () => gateway.stats().answers[200] === 1)
  t.true(await until('it was cut', async () => (await count()) === 0, 30_000))
})

test('a client that is slow with its body, or sends no HTTP, is told and cut', async t => {
  const { ask } = await open(t, ok)
  const slow = await ask(`${head('POST /x HTTP/1.1', 'Content-Length: 10')}{"a`)
  t.regex(slow, /^HTTP\/1\.1 408 [\s\S]*\r\nx-request-id: start-gw-\d+\r\n/)
  t.regex(await ask('hello\r\n\r\n'), /^HTTP\/1\.1 400 /)
})

test('a call takes longer than anything that is timed', async t => {
  const end = Promise.withResolvers<void>()
  const { ask } = await open(t, () => end.promise.then(ok))
  const answered = ask(get)
  // Each is cut only when a slow client would have been.
  for (const _ of [1, 2, 3]) t.regex(await ask('GET '), /^HTTP\/1\.1 408 /)
  end.resolve()
  t.regex(await answered, /^HTTP\/1\.1 200 /)
})

test('a defect of ours is a 500 that names the request, and the log has it', async t => {
  const { ask, lines, gateway } = await open(t, async () => {
    throw new Error('secret detail')
  })
  const text = await ask(get)
  t.regex(
    text,
    /^HTTP\/1\.1 500 [\s\S]*\{"message":"internal error; the log holds the cause under request id start-gw-1"\}\n$/,
  )
  t.false(text.includes('secret'))
  t.is(lines.length, 1)
  t.deepEqual(gateway.stats(), { answers: { 500: 1 }, apis: 1 })
})

test('a change that cannot be read is told, and leaves what was known', async t => {
  let fails = true
  const { gateway, ask } = await open(t, ok, async () => {
    if (fails) throw new Error('no disk')
    return undefined
  })
  await t.throwsAsync(gateway.follow('o', 'a'), { message: 'no disk' })
  t.regex(await ask(get), /^HTTP\/1\.1 200 /)
  fails = false
  await gateway.follow('o', 'a')
  t.regex(await ask(get), /^HTTP\/1\.1 404 /)
  t.is(gateway.stats().apis, 0)
})
