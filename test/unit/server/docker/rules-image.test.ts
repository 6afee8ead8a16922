/** The rules of networks run as root of this machine: only of an image that no user could have changed, on a Docker that is played. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { dockerLabel } from '../../../../server/core/docker-labels.ts'
import { instanceLabel } from '../../../../server/docker/egress-rules.ts'
import { createDockerEngine } from '../../../../server/docker/engine.ts'
import { containerSpec } from '../../../contract/docker/samples.ts'

const runtime = { [dockerLabel('language')]: 'l' }
const built = { ...runtime, [dockerLabel('build')]: 'hash', [dockerLabel('build-instance')]: 'i' }

/** Starts a container with egress where Docker holds the images, by reference; resolves with what the rules would run of. */
async function rulesImagesOf(t: ExecutionContext, images: Record<string, Record<string, string>>) {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const [, reference = ''] = /\/images\/(.*)\/json/.exec(request.url ?? '') ?? []
    const labels = images[reference]
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (labels) return answer(200, { Id: `sha256:${reference}`, Config: { Labels: labels } })
    if (request.url?.includes('/images/json'))
      return answer(
        200,
        Object.entries(images).map(([name, Labels]) => ({ Id: `sha256:${name}`, Labels })),
      )
    if (!request.url?.includes('/containers/create')) return answer(404, { message: 'no such thing' })
    asked.push(JSON.parse(body).Image)
    answer(500, { message: 'enough' })
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const rulesImages = ['ours/a:1', 'ours/b:1']
  const docker = createDockerEngine({ env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` }, rulesImages })
  const labels = { [instanceLabel]: 'one' }
  const spec = containerSpec({ dockerImage: 'users/image:1', command: ['x'], labels, network: 'egress' })
  const { message } = (await t.throwsAsync(docker.createContainer(spec))) ?? {}
  return { asked, message }
}

test("rules are set with the first of the server's own images, never with the one that is to be started", async t => {
  const { asked } = await rulesImagesOf(t, { 'users/image:1': runtime, 'ours/b:1': runtime })
  t.deepEqual(asked, ['sha256:ours/b:1'])
})

test('what was built on a runtime is never used, even under a name of ours', async t => {
  const images = { 'users/image:1': built, 'dispatch/built:latest': built, 'ours/a:1': built, 'ours/b:1': {} }
  const { asked, message } = await rulesImagesOf(t, images)
  t.deepEqual(asked, [])
  t.regex(
    message ?? '',
    /cannot be closed .*: no image of a runtime that comes with this server .*ours\/a:1, ours\/b:1/,
  )
})
