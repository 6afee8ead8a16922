/** Docker images of functions on images of others: none is left of a function that goes. */
import { buffer } from 'node:stream/consumers'
import test from 'ava'
import { pack } from 'tar-stream'
import { functionInstanceLabel } from '../../../../../server/engine/http/plan.ts'
import { createFakeDocker } from '../../../../helpers/fake-docker.ts'
import { createTestEngine } from '../../../../helpers/test-engine.ts'
import { until } from '../../../../helpers/wait.ts'

const foreign = { dockerImage: 'others/base:1', language: 'foreign', contract: 'http' } as const

async function templateOf(dockerfile: string): Promise<Buffer> {
  const tar = pack()
  tar.entry({ name: 'function-template/Dockerfile' }, dockerfile)
  tar.finalize()
  return await buffer(tar)
}

test('the image of a function that goes while it is built goes too, also when its build ends late', async t => {
  const fake = createFakeDocker()
  fake.addImage(foreign.dockerImage)
  fake.addFolder(foreign.dockerImage, '/function-template', await templateOf(`FROM ${foreign.dockerImage}`))
  const late = Promise.withResolvers<void>()
  let building: Promise<string> | undefined
  const buildImage: typeof fake.buildImage = ({ signal: _, ...build }) => {
    building = late.promise.then(() => fake.buildImage({ ...build, signal: new AbortController().signal }))
    return building
  }
  const { engine, revision, instanceId } = createTestEngine(t, { docker: { ...fake, buildImage } })
  const given = revision(foreign, { 'a.py': '' })
  const loading = t.throwsAsync(engine.load(given))
  await until('it is built', async () => building !== undefined)
  const gone = engine.unload(given.revisionId, 0)
  await loading
  late.resolve()
  await Promise.all([gone, building])
  t.deepEqual(await fake.listImages({ [functionInstanceLabel]: instanceId }), [])
})
