/** Whatever becomes of images and of the runtimes below them, Docker is left with nothing that has no name, and prune makes room. */
import test from 'ava'
import { ask, createFunction, execute, reach, seed } from '../faults/stage.ts'
import { startLiveServer } from '../helpers/live-server.ts'
import { startOwnDocker } from '../helpers/own-docker.ts'
import { runtimeImage } from '../helpers/runtime-images.ts'
import { until } from '../helpers/wait.ts'

const reference = 'dispatch-test/python3:1'

test('functions move off a runtime that was replaced, and what it held goes, under no name or another', async t => {
  t.timeout(5 * 60_000, 'a Docker of its own, and containers')
  const own = await startOwnDocker()
  t.teardown(own.close)
  /** As `docker load` of another version does: the former content loses the name. */
  const replaceRuntime = async (version: string): Promise<string> => {
    const id = (await own.docker('create', runtimeImage('python3').dockerImage)).trim()
    const content = await own.docker('commit', '--change', `LABEL version=${version}`, id, reference)
    await own.docker('rm', id)
    return content.trim()
  }
  const isThere = (content: string): Promise<boolean> =>
    own.docker('image', 'inspect', content).then(
      () => true,
      () => false,
    )
  const nameless = () => own.docker('images', '--quiet', '--filter', 'dangling=true')

  const server = await startLiveServer({ env: own.env, args: ['--pool-size', '0'] })
  t.teardown(() => server.stop())
  await seed(server)
  const first = await replaceRuntime('1')
  await ask(server, 'POST', 'baseimage', { name: 'own', dockerUrl: reference, language: 'python3' })
  await reach(server, 'baseimage/own', 'READY')
  const image = { name: 'python3', baseImageName: 'own' }
  await ask(server, 'PUT', 'image/python3', image)
  await reach(server, 'image/python3', 'READY')
  await createFunction(server, {
    name: 'fn',
    image: 'python3',
    code: 'def handle(context, payload):\n    return payload\n',
  })
  const { body: before } = await ask(server, 'GET', 'function/fn')

  await replaceRuntime('2')
  await ask(server, 'PUT', 'image/python3', image)
  await until(
    'the function has moved',
    async () => (await ask(server, 'GET', 'function/fn')).body.faasId !== before.faasId,
  )
  t.is((await execute(server, 'fn', 'hello')).body.output, 'hello')
  t.is(await nameless(), '')
  const stdout = await until('what nothing uses can go', async () => {
    const pruned = await server.cli('image', 'prune')
    return pruned.stdout.startsWith('Removed: ') && pruned.stdout
  })
  t.regex(stdout, /^Removed: dispatch\/kept-\w{8}:[0-9a-f]{64}\nFreed: \d+\.\d MiB\n$/)
  t.false(await isThere(first))

  const removals = ['function/fn', 'image/python3', 'baseimage/own']
  for (const path of removals) await ask(server, 'DELETE', path)
  await until('they are gone', async () => {
    const answers = await Promise.all(removals.map(path => ask(server, 'GET', path)))
    return answers.every(({ status }) => status === 404)
  })
  await server.cli('image', 'prune')
  t.is(await nameless(), '')
  t.is((await execute(server, 'fn')).status, 404)
})
