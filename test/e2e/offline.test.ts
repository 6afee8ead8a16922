/** The server, its Docker and the CLI where there is no network at all: a namespace of their own with nothing but its loopback. Needs root. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { cleanEnv } from '../helpers/live-server.ts'
import { startOwnDocker } from '../helpers/own-docker.ts'
import { program } from '../helpers/server-process.ts'
import { until } from '../helpers/wait.ts'

const run = promisify(execFile)

async function createStage(t: ExecutionContext) {
  const own = await startOwnDocker()
  t.teardown(own.close)
  const home = await mkdtemp(join(tmpdir(), 'dispatch-offline-'))
  t.teardown(() => rm(home, { recursive: true, force: true }))
  const enter = [`--net=/run/netns/${own.namespace}`]
  const env = { ...cleanEnv, ...own.env, HOME: home }
  const flags = ['--db-file', join(home, 'dispatch.db')]
  const server = spawn('nsenter', [...enter, program, ...flags], { env, stdio: 'ignore' })
  t.teardown(async () => {
    server.kill('SIGTERM')
    if (server.exitCode === null) await once(server, 'exit')
  })
  const settings = ['--scheme', 'http', '--host', '127.0.0.1', '--port', '8080', '--organization', 'dispatch']
  const dispatch = async (...words: string[]) => {
    const cli = [resolve('dist/dispatch'), ...settings, '--token', 'any', ...words]
    return (await run('nsenter', [...enter, ...cli], { env })).stdout
  }
  const imagesIn = async (status: string) => {
    const images: { name: string; status: string }[] = JSON.parse(await dispatch('get', 'images', '-o', 'json'))
    return images.filter(image => image.status === status).map(({ name }) => name)
  }
  return { own, dispatch, imagesIn }
}

test('without a network the seed set is READY for each language whose runtime is there, and its functions run', async t => {
  const { own, dispatch, imagesIn } = await createStage(t)
  const routes = (await run('ip', ['-n', own.namespace, 'route', 'show', 'default'])).stdout
  t.is(routes, '')
  await until('the server answers', () => dispatch('get', 'images').catch(() => false))
  await dispatch('create', 'seed-images')
  await until('two images are READY', async () => (await imagesIn('READY')).join() === 'nodejs,python3')
  await until('the others say why not', async () => (await imagesIn('ERROR')).join() === 'java,powershell')
  t.regex(
    await dispatch('get', 'base-image', 'java-base', '-o', 'json'),
    /load its file with: docker load -i java\.tar/,
  )
  for (const [image, file] of [
    ['python3', 'hello.py'],
    ['nodejs', 'hello.js'],
  ] as const) {
    await dispatch('create', 'function', image, `server/runtimes/${image}/example/${file}`, '--image', image, '--wait')
    const ran = await dispatch('exec', image, '--wait', '--input', '{"name": "Jon", "place": "Winterfell"}')
    t.regex(ran, /"myField": "Hello, Jon from Winterfell"/)
  }
  await own.docker('load', '-i', 'build/runtimes/java.tar')
  await until('java is READY once its file is loaded', async () => (await imagesIn('READY')).includes('java'))
})
