/** The Docker port on this machine's Docker, as the server makes it. */
import manifest from '../../package.json' with { type: 'json' }
import { createDockerEngine } from '../../server/docker/engine.ts'
import type { Docker } from '../../server/docker/port.ts'
import { rulesImagesOf } from '../../server/images/aliases.ts'

export const createRealDocker = (): Docker =>
  createDockerEngine({ env: process.env, rulesImages: rulesImagesOf(manifest.version) })
