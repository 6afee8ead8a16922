/** The adapter asks nobody but Docker, whatever it is asked for and whatever Docker answers. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { createDockerEngine } from '../../../../server/docker/engine.ts'

/** Docker that is played by the test; `asked` are the paths. */
async function createPlayedDocker(t: ExecutionContext, answer: RequestListener) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { docker: createDockerEngine({ env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` }, rulesImages: [] }), asked }
}

const redirectTo =
  (location: string): RequestListener =>
  (_, response) =>
    void response.writeHead(301, { location }).end()

for (const location of ['http://foreign.invalid/json', '/elsewhere', 'ftp://foreign.invalid/']) {
  test(`a redirect to ${location} is an answer, not a way to go`, async t => {
    const { docker, asked } = await createPlayedDocker(t, redirectTo(location))
    await t.throwsAsync(docker.findImage('a/b:1'), { message: /^Docker could not look up the image a\/b:1: / })
    await t.throwsAsync(docker.pullImage('a/b:1', { timeoutMs: 60_000 }), {
      message: /^Docker could not pull the image a\/b:1: /,
    })
    await t.throwsAsync(docker.listContainers({}))
    t.is(asked.length, 3)
    t.true(asked[0]?.endsWith('/images/a/b:1/json'))
  })
}

test('nothing is asked about a reference that is none', async t => {
  const { docker, asked } = await createPlayedDocker(t, redirectTo('/elsewhere'))
  t.is(await docker.findImage('../containers'), undefined)
  await docker.removeImage('')
  await t.throwsAsync(docker.pullImage('a?b', { timeoutMs: 60_000 }), { message: 'invalid reference "a?b"' })
  await t.throwsAsync(docker.tagImage('a//b', 'c'), { message: 'invalid reference "a//b"' })
  await t.throwsAsync(docker.tagImage('a', 'c@'), { message: 'invalid reference "c@"' })
  t.deepEqual(asked, [])
})

test('an answer that breaks off is an error', async t => {
  const { docker } = await createPlayedDocker(t, (_, response) => {
    response.writeHead(200, { 'content-length': 1000 }).write('{"Id":', () => response.destroy())
  })
  await t.throwsAsync(docker.findImage('a'), { message: /^Docker could not look up the image a: aborted/ })
  await t.throwsAsync(docker.pullImage('a', { timeoutMs: 60_000 }), {
    message: /^Docker could not pull the image a: aborted/,
  })
})

test('a container that is half removed has no log, and is no failure', async t => {
  const { docker, asked } = await createPlayedDocker(t, ({ url = '' }, response) => {
    const isLog = url.includes('/logs')
    const body = isLog
      ? { message: 'can not get logs from container which is dead or marked for removal' }
      : { State: { Status: 'dead' } }
    response.writeHead(isLog ? 409 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  t.deepEqual(await docker.readLog('c1', 10), [])
  t.is(asked.length, 2)
})
