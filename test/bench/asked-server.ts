/** Servers that are alike but for whether they ask who calls: set up while open, and started again in the mode. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'
import { createFunction } from './functions.ts'
import { prepareRequest, type Target } from './load.ts'
import { createRest, greet, greeting, input, restHeaders, runPath } from './rest.ts'
import type { Scope } from './scope.ts'
import { seedImages } from './server.ts'

const name = 'asked'

/** Resolves with a token of a user that a policy lets call functions. */
async function setUp(directory: string): Promise<string> {
  const live = await startLiveServer({ directory })
  const rest = createRest(live.url)
  try {
    await seedImages(live, rest, ['nodejs'])
    await createFunction(rest, { name, language: 'nodejs' })
    const rules = [{ subjects: [name], actions: ['create'], resources: ['runs'] }]
    await rest.send('POST', '/v1/iam/policy', { name, rules })
    await rest.send('POST', '/v1/iam/user', { name })
    return JSON.parse(await rest.send('POST', '/v1/iam/token', { name, subject: name })).token
  } finally {
    await rest.close()
    await live.stop()
  }
}

export type Mode = 'open' | 'required'

/** The load is the same in both modes, byte for byte but for the token itself. */
export async function prepareGreeterIn(mode: Mode, scope: Scope): Promise<Target> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-asked-'))
  scope.defer(() => rm(directory, { recursive: true, force: true }))
  const token = await setUp(directory)
  const live = await startLiveServer({ directory, args: ['--auth', mode] })
  scope.defer(() => live.stop())
  const { cookie: _, ...others } = restHeaders
  const headers = { ...others, authorization: `Bearer ${token}` }
  const rest = createRest(live.url, headers)
  scope.defer(() => rest.close())
  await until('the function answers again', () =>
    greet(rest, name).then(
      () => true,
      () => false,
    ),
  )
  const request = prepareRequest(runPath(name), headers, JSON.stringify({ blocking: true, input }))
  return { port: live.port, request, contains: greeting }
}
