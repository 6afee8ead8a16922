/** Both runtimes in their real containers keep what every runtime promises. */
import test, { type ExecutionContext } from 'ava'
import { createDockerEngine } from '../../../server/docker/engine.ts'
import { testFollowing } from '../../helpers/follow-cases.ts'
import { testRuntime } from '../../helpers/runtime-cases.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { nodejs, python3 } from '../../helpers/runtime-probes.ts'
import { testStreaming } from '../../helpers/stream-cases.ts'
import { createTestEngine } from '../../helpers/test-engine.ts'

const docker = createDockerEngine({ env: process.env })
/** One case after the other: each starts containers of its own. */
const serial = test.serial

const engineFor = (t: ExecutionContext) => createTestEngine(t, { docker })

for (const { probe, broken, image } of [
  { ...python3, image: runtimeImage('python3') },
  { ...nodejs, image: runtimeImage('nodejs') },
]) {
  testRuntime(serial, { probe, broken, image, engineFor })
  testFollowing(serial, { probe, image, engineFor })
  testStreaming(serial, { probe, image, engineFor })
}
