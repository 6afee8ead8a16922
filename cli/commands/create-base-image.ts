/** Owns `create base-image`. */
import { anyNumber, between, defineCommand, exactly } from '../command.ts'
import { checkArity } from '../parser/arity.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { createObject } from './create-object.ts'

export const command = defineCommand({
  usage: 'IMAGE_NAME IMAGE_URL',
  description: `Create a base image: a Docker image that knows how to run functions of one language.

With --from-file the Docker image comes from an archive, as "docker save" writes it, and no registry is asked. IMAGE_URL may
then be left out, unless the archive holds several images.`,
  examples: [
    'dispatch create base-image python3-base dispatchframework/python3-base:0.0.13 --language python3',
    'dispatch create base-image java-base --from-file java.tar --language java',
  ],
  arity: anyNumber,
  flags: {
    language: { kind: 'text', value: 'LANGUAGE', summary: 'language of its functions, e.g. python3 or nodejs' },
    'pull-secret': {
      kind: 'text',
      value: 'SECRET',
      summary: 'secret with the keys username and password, for the registry of the image',
    },
    'from-file': { kind: 'text', value: 'ARCHIVE', summary: 'archive of the Docker image (.tar or .tar.gz) to load' },
    ...waitFlags,
  },
  async run(invocation) {
    const { args, flags } = invocation
    const { language, 'pull-secret': pullSecret, 'from-file': archive } = flags
    checkArity(archive === '' ? exactly(2) : between(1, 2), args.length)
    const [name = '', url = ''] = args
    const { loadArchive } = await import('../image-archive.ts')
    const dockerUrl = archive === '' ? url : await loadArchive(invocation, archive, url)
    const head = { dockerUrl, groups: null, language, name }
    const body = { ...head, ...(pullSecret && { pullSecret }), reason: null, tags: null }
    return createObject(invocation, resources.baseImage, body)
  },
})
