/** The real program of the python3 runtime, run as a process of this machine, keeps what every runtime promises. */
import test from 'ava'
import { createHostDocker, hostImages } from '../../../../helpers/host-runtimes.ts'
import { testRuntime } from '../../../../helpers/runtime-cases.ts'
import { python3 } from '../../../../helpers/runtime-probes.ts'
import { createTestEngine } from '../../../../helpers/test-engine.ts'

testRuntime(test, {
  ...python3,
  image: hostImages.python3,
  engineFor: t => createTestEngine(t, { docker: createHostDocker() }),
})
