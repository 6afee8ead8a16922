/** Both runtimes in their real containers keep what every runtime promises. */
import test from 'ava'
import { createDockerEngine } from '../../../server/docker/engine.ts'
import { testRuntime } from '../../helpers/runtime-cases.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { nodejs, python3 } from '../../helpers/runtime-probes.ts'
import { createTestEngine } from '../../helpers/test-engine.ts'

const docker = createDockerEngine({ env: process.env })
/** One case after the other: each starts containers of its own. */
const serial = test.serial

testRuntime(serial, { ...python3, image: runtimeImage('python3'), engineFor: t => createTestEngine(t, { docker }) })
testRuntime(serial, { ...nodejs, image: runtimeImage('nodejs'), engineFor: t => createTestEngine(t, { docker }) })
