/** The real program of the nodejs runtime, run as a process of this machine, keeps what every runtime promises. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { testFollowing } from '../../../../helpers/follow-cases.ts'
import { createHostDocker, hostImages } from '../../../../helpers/host-runtimes.ts'
import { testRuntime } from '../../../../helpers/runtime-cases.ts'
import { nodejs } from '../../../../helpers/runtime-probes.ts'
import { testStreaming } from '../../../../helpers/stream-cases.ts'
import { createTestEngine } from '../../../../helpers/test-engine.ts'
import { until } from '../../../../helpers/wait.ts'

const cases = {
  ...nodejs,
  image: hostImages.nodejs,
  engineFor: (t: ExecutionContext) => createTestEngine(t, { docker: createHostDocker() }),
}
testRuntime(test, cases)
testFollowing(test, cases)
testStreaming(test, cases)

const late = `const { writeFileSync } = require('node:fs')
module.exports = (context, payload) => {
  if (payload) setTimeout(() => { console.log('late'); writeFileSync(payload, '') }, 50)
}
`

test('nodejs: what is printed between two calls belongs to neither', async t => {
  const limits = { concurrency: 1 }
  const { call, revision, containersDir } = createTestEngine(t, { docker: createHostDocker(), limits })
  const marker = join(containersDir, 'marker')
  const speaking = revision(hostImages.nodejs, { 'late.js': late })
  t.deepEqual((await call(speaking, marker)).logs, { stdout: null, stderr: null })
  await until('the late line is printed', async () => existsSync(marker))
  t.deepEqual((await call(speaking)).logs, { stdout: null, stderr: null })
})
