/** The real program of the nodejs runtime, run as a process of this machine, keeps what every runtime promises. */
import test from 'ava'
import { createHostDocker, hostImages } from '../../../../helpers/host-runtimes.ts'
import { testRuntime } from '../../../../helpers/runtime-cases.ts'
import { nodejs } from '../../../../helpers/runtime-probes.ts'
import { createTestEngine } from '../../../../helpers/test-engine.ts'

testRuntime(test, {
  ...nodejs,
  image: hostImages.nodejs,
  engineFor: t => createTestEngine(t, { docker: createHostDocker() }),
})
