/** What event drivers are run with, as it follows from the configuration and this machine. */
import test from 'ava'
import { loadConfig } from '../../../server/config.ts'
import { loadDriverOptions } from '../../../server/driver-options.ts'

async function load(...argv: string[]) {
  const readFile = () => ''
  const loaded = loadConfig({ argv, env: {}, readFile, cwd: '/srv', version: '1', memoryBytes: 2 ** 32 })
  if (loaded.mode !== 'run') throw new Error(loaded.mode)
  const warnings: string[] = []
  const note = (_: object, message: string) => void warnings.push(message)
  const log = { info: note, warn: note, error: note }
  const { config } = loaded
  const options = await loadDriverOptions({ config, runtimeVersion: '1', instanceId: 'i', nodePath: '/node', log })
  return { options, warnings }
}

test('exposed drivers are published where the server listens, with a host that others reach', async t => {
  t.like((await load()).options, { publishAddress: '127.0.0.1', reachableHost: '127.0.0.1', ingestPort: 8082 })
  const { options } = await load('--host', '0.0.0.0')
  t.is(options.publishAddress, '0.0.0.0')
  t.is((await load('--host', '::')).options.publishAddress, '0.0.0.0', 'Docker takes :: for IPv6 alone')
  t.notRegex(options.reachableHost, /^(0\.0\.0\.0|127\..*)$/)
})

test('each program of a built-in type has a file, an image and a Node', async t => {
  const { options } = await load()
  const { dockerImage, programFile, nodeFile } = options.programOf('http')
  t.deepEqual([dockerImage, nodeFile], ['dispatch-solo/nodejs:1', '/node'])
  t.regex(programFile, /\/drivers\/http\.cjs$/)
})

test('an events-gateway on this machine, which drivers do not reach, is warned of; another one is not', async t => {
  for (const own of ['127.0.0.1:8080', 'localhost:8080'])
    t.regex((await load('--events-gateway', own)).warnings[0] ?? '', /take events-gateway out/)
  for (const other of ['', '192.0.2.1:8080']) t.deepEqual((await load('--events-gateway', other)).warnings, [])
})
