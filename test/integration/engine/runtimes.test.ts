/** Each runtime in its real containers keeps what every runtime promises. */

import test, { type ExecutionContext } from 'ava'
import { testConformance } from '../../helpers/conformance.ts'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { runtimeImage, testAbsent } from '../../helpers/runtime-images.ts'
import { probes } from '../../helpers/runtime-probes.ts'
import { createTestEngine } from '../../helpers/test-engine.ts'

const docker = createRealDocker()
const engineFor = (t: ExecutionContext) => createTestEngine(t, { docker })

const all = Object.entries(probes).map(([language, probe]) => ({ ...probe, image: runtimeImage(language) }))
// ava wants all tests at once, after this.
const found = await Promise.all(all.map(({ image }) => docker.findImage(image.dockerImage)))

for (const [index, { image, ...probe }] of all.entries()) {
  // One case after the other: each starts containers of its own.
  if (found[index]) testConformance(test.serial, { ...probe, image, engineFor })
  else testAbsent(test, image.language)
}
