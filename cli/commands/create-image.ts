/** Owns `create image`. */
import { atLeast, defineCommand } from '../command.ts'
import { loadText, parseJsonText } from '../files.ts'
import { applicationFlag } from '../flag.ts'
import { type JsonObject, objectOf } from '../format/json.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { createObject, tagsOrNull } from './create-object.ts'

async function loadSystemDependencies(cwd: string, path: string): Promise<JsonObject> {
  if (path === '') return { packages: null }
  const text = await loadText({ cwd, path }, 'failed to read system dependencies file')
  return { packages: null, ...objectOf(parseJsonText(text, 'failed to unmarshal system dependencies file')) }
}

async function loadRuntimeDependencies(cwd: string, path: string): Promise<JsonObject> {
  if (path === '') return {}
  return { manifest: await loadText({ cwd, path }, 'failed to read runtime dependencies file') }
}

export const command = defineCommand({
  usage: 'IMAGE_NAME BASE_IMAGE_NAME',
  description: 'Create an image: a base image with the packages that its functions need.',
  examples: [
    'dispatch create image python3 python3-base',
    'dispatch create image my-pandas python3-base --runtime-deps requirements.txt',
  ],
  arity: atLeast(2),
  completes: ['', 'BaseImage'],
  flags: {
    ...applicationFlag,
    'system-deps': { kind: 'text', value: 'FILE', summary: 'JSON file with the system packages to install' },
    'runtime-deps': { kind: 'text', value: 'FILE', summary: 'requirements.txt, package.json or alike of the language' },
    ...waitFlags,
  },
  async run(invocation) {
    const { flags, io } = invocation
    const [name = '', baseImageName = ''] = invocation.args
    const systemDependencies = await loadSystemDependencies(io.cwd, flags['system-deps'])
    const runtimeDependencies = await loadRuntimeDependencies(io.cwd, flags['runtime-deps'])
    const tags = tagsOrNull(flags.application)
    const body = { baseImageName, groups: null, name, reason: null, runtimeDependencies, systemDependencies, tags }
    return createObject(invocation, resources.image, body)
  },
})
