/** Builds on somebody else's base image as the original did: by the Dockerfile that it brings, with what is asked for beside it. */
import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import { addTemplate, templateTime } from '../core/template-tar.ts'
import { BuildError, type Docker } from '../docker/port.ts'
import { type BuildLimits, labelsOfBuild } from './build-container.ts'
import { BuildFailure } from './build-failure.ts'
import type { Build } from './builds.ts'
import { type BuildRequest, renderSystemPackages } from './content.ts'

export interface TemplateBuildOptions {
  docker: Pick<Docker, 'readFolder' | 'buildImage'>
  instanceId: string
  limits: BuildLimits
  cpus: number
  /** Names the content in Docker. */
  referenceOf(request: BuildRequest): string
}

const templateLabel = 'io.dispatchframework.imageTemplate'
const defaultTemplate = '/image-template'
const systemFile = 'system-packages.txt'
const packagesFile = 'packages.txt'

export function createTemplateBuild({ docker, instanceId, limits, cpus, referenceOf }: TemplateBuildOptions): Build {
  const readTemplate = async ({ base: { dockerImage, reference } }: BuildRequest) => {
    const path = dockerImage.labels[templateLabel] || defaultTemplate
    const folder = await docker.readFolder(dockerImage.id, path)
    if (folder) return folder
    throw new BuildFailure(
      `${reference} has no folder ${path}: it is neither a runtime of Dispatch Solo nor a base image with an image template`,
    )
  }

  return async (request, { onLine, signal }) => {
    try {
      const template = await readTemplate(request)
      await docker.buildImage({
        context: packContext(template, request),
        reference: referenceOf(request),
        args: {
          BASE_IMAGE: request.base.reference,
          SYSTEM_PACKAGES_FILE: systemFile,
          PACKAGES_FILE: packagesFile,
        },
        labels: labelsOfBuild(instanceId, request),
        network: 'egress',
        instanceId,
        memoryBytes: limits.memoryBytes,
        cpus,
        onLine,
        signal,
      })
    } catch (thrown) {
      if (!(thrown instanceof BuildError)) throw thrown
      // The lines below say what the step has printed, which was told as it came.
      throw new BuildFailure(thrown.message.split('\n', 1).join())
    }
  }
}

async function* packContext(template: AsyncIterable<Uint8Array>, request: BuildRequest): AsyncGenerator<Buffer> {
  const context = pack()
  const addFiles = () => {
    const common = { mode: 0o644, mtime: templateTime }
    context.entry({ ...common, name: systemFile }, renderSystemPackages(request))
    context.entry({ ...common, name: packagesFile }, request.manifest)
    context.finalize()
  }
  addTemplate(context, template)
    .then(addFiles)
    .catch(thrown => context.destroy(thrown))
  for await (const chunk of Readable.from(context)) yield chunk
}
