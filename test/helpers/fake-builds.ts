/** Docker's builder in memory: knows FROM with its arguments, and that RUN fails when it is told to exit. */
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import { BuildError, type DockerBuilds, type DockerFolders, type ImageBuild } from '../../server/docker/port.ts'
import { requireTag } from '../../server/docker/reference.ts'
import type { FakeImages } from './fake-images.ts'

export interface FakeBuilds extends DockerBuilds, DockerFolders {
  addFolder(dockerImage: string, path: string, tar: Buffer): void
}

export function createFakeBuilds(images: FakeImages): FakeBuilds {
  const folders = new Map<string, Buffer>()
  const keyOf = (dockerImage: string, path: string) =>
    `${images.demandImage('look into', dockerImage).id} ${path.replace(/\/+$/, '')}`

  return {
    addFolder: (dockerImage, path, tar) => void folders.set(keyOf(dockerImage, path), tar),

    readFolder: async (dockerImage, path) => {
      const tar = folders.get(keyOf(dockerImage, path))
      return tar && Readable.from([tar])
    },

    buildImage: async build => {
      requireTag(build.reference)
      const dockerfile = await readDockerfile(build)
      build.signal.throwIfAborted()
      let parent: ReturnType<FakeImages['demandImage']> | undefined
      const steps = dockerfile.split('\n').filter(line => line.trim() !== '')
      for (const [index, step] of steps.entries()) {
        build.onLine('stdout', `Step ${index + 1}/${steps.length} : ${step}`)
        const [, from] = /^FROM (.+)$/.exec(step) ?? []
        if (from)
          parent = images.demandImage(
            'build',
            from.replace(/\$(\w+)/g, (_, name) => build.args[name] ?? ''),
          )
        const [, command, code] = /^RUN (.*\bexit (\d+).*)$/.exec(step) ?? []
        if (command === undefined) continue
        build.onLine('stdout', `the command says ${command}`)
        const error = `The command '/bin/sh -c ${command}' returned a non-zero code: ${code}`
        throw new BuildError(`${error}\nStep ${index + 1}/${steps.length} : ${step}\nthe command says ${command}`)
      }
      return images.addImage(build.reference, { ...parent?.labels, ...build.labels }, parent?.id)
    },
  }
}

/** As Docker does, accepts a tar whose end is missing. */
async function readDockerfile({ context }: ImageBuild): Promise<string> {
  const tar = extract()
  let found: Promise<string> | undefined
  tar.on('entry', (header, stream, next) => {
    if (header.name.replace(/^\.\//, '') === 'Dockerfile') found = text(stream)
    else stream.resume()
    stream.on('end', next)
  })
  await pipeline(Buffer.isBuffer(context) ? [context] : context, tar).catch(() => undefined)
  if (!found) throw new BuildError('Cannot locate specified Dockerfile: Dockerfile')
  return await found
}
