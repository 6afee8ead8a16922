/** Functions follow their image to other content under load, on real Docker: not one call fails. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { countAnswers, createLoadedFunctions, loadedFunctions, renderCounts, startLoad } from '../faults/load.ts'
import { ask, reach, seed } from '../faults/stage.ts'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { runtimeImage } from '../helpers/runtime-images.ts'
import { until } from '../helpers/wait.ts'

const moves = 4
const docker = async (...args: string[]): Promise<string> => (await promisify(execFile)('docker', args)).stdout.trim()

/** Other content that does the same: what a runtime of a later version would be. */
async function copyRuntime(t: ExecutionContext, language: string): Promise<string> {
  const reference = `dispatch-test/moved-${language}:1`
  const id = await docker('create', runtimeImage(language).dockerImage)
  await docker('commit', '--change', 'LABEL moved=1', id, reference)
  await docker('rm', id)
  t.teardown(() => docker('rmi', reference).catch(() => undefined))
  return reference
}

const faasIdOf = async (server: LiveServer, name: string): Promise<string> =>
  (await ask(server, 'GET', `function/${name}`)).body.faasId

async function putImage(server: LiveServer, language: string, baseImageName: string): Promise<void> {
  await ask(server, 'PUT', `image/${language}`, { name: language, baseImageName })
  await reach(server, `image/${language}`, 'READY')
}

test('functions move with their images to and fro under load, and no call fails', async t => {
  t.timeout(10 * 60_000, 'containers of every move, on a machine that may be busy')
  const server = await startLiveServer()
  t.teardown(() => server.stop())
  await seed(server)
  await createLoadedFunctions(server)
  const languages = loadedFunctions.map(name => name.replace('load-', ''))
  for (const language of languages) {
    const dockerUrl = await copyRuntime(t, language)
    await ask(server, 'POST', 'baseimage', { name: `${language}-moved`, dockerUrl, language })
    await reach(server, `baseimage/${language}-moved`, 'READY')
  }
  const load = startLoad(server, { name: 'moved' })
  for (let move = 1; move <= moves; move += 1) {
    const before = await Promise.all(loadedFunctions.map(name => faasIdOf(server, name)))
    const asked = load.asks.length
    for (const language of languages) await putImage(server, language, `${language}-${move % 2 ? 'moved' : 'base'}`)
    await until('every function has moved, and was called since', async () => {
      const now = await Promise.all(loadedFunctions.map(name => faasIdOf(server, name)))
      return now.every((faasId, at) => faasId !== before[at]) && load.asks.length > asked + 40
    })
  }
  await load.stop()
  t.log(renderCounts(countAnswers(load.asks)))
  for (const { answer, input, blocking } of load.asks) {
    const run = blocking ? answer : await reach(server, `runs/${answer?.body.name}`, 'READY')
    t.like(run?.body, { status: 'READY', output: input }, JSON.stringify(answer))
  }
})
