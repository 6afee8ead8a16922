/** Each runtime in its real containers keeps what every runtime promises. */
import test, { type ExecutionContext } from 'ava'
import { createDockerEngine } from '../../../server/docker/engine.ts'
import { testConformance } from '../../helpers/conformance.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { probes } from '../../helpers/runtime-probes.ts'
import { createTestEngine } from '../../helpers/test-engine.ts'

const docker = createDockerEngine({ env: process.env })
const engineFor = (t: ExecutionContext) => createTestEngine(t, { docker })

for (const [language, probe] of Object.entries(probes)) {
  const image = runtimeImage(language)
  // One case after the other: each starts containers of its own.
  if (await docker.findImage(image.dockerImage)) testConformance(test.serial, { ...probe, image, engineFor })
  else test(`${language}: not run, Docker has no ${image.dockerImage}`, t => t.pass())
}
