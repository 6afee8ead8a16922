/** A base image as others made them for the original, made of the files of a runtime without a network; and how it differs from ours. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ExecutionContext } from 'ava'
import type { RuntimeImage } from '../../server/core/execution.ts'
import type { Docker } from '../../server/docker/port.ts'
import { functionInstanceLabel } from '../../server/engine/http/plan.ts'
import type { EngineLimits } from '../../server/engine/options.ts'
import type { RuntimeCases } from './runtime-cases.ts'
import { runtimeImage } from './runtime-images.ts'
import { python3 } from './runtime-probes.ts'
import { createTestEngine, type TestEngine } from './test-engine.ts'

const context = fileURLToPath(new URL('../fixtures/foreign-base/', import.meta.url))

export const foreignBase = 'dispatch-test/foreign-base:1'

/** Functions can be made from it directly. */
export const foreignImage: RuntimeImage = { dockerImage: foreignBase, language: 'foreign', contract: 'http' }

const docker = async (...args: string[]): Promise<string> => (await promisify(execFile)('docker', args)).stdout.trim()

/** See test/fixtures/foreign-base. Stays on the machine, as the runtimes' images do; one of an older runtime goes. */
export async function buildForeignBase(): Promise<void> {
  const idOf = () => docker('image', 'inspect', '--format', '{{.Id}}', foreignBase).catch(() => '')
  const before = await idOf()
  const { dockerImage } = runtimeImage('python3')
  await docker('build', '--quiet', '--tag', foreignBase, '--build-arg', `RUNTIME=${dockerImage}`, context)
  if (before !== '' && before !== (await idOf())) await docker('image', 'rm', before).catch(() => undefined)
}

/** Its functions' Docker images go after the test. */
export function createForeignEngine(
  t: Pick<ExecutionContext, 'teardown'>,
  options: { docker: Docker; limits?: Partial<EngineLimits>; instanceId?: string },
): TestEngine {
  t.teardown(async () => {
    const { instanceId } = created
    for (const { id } of await options.docker.listImages({ [functionInstanceLabel]: instanceId }))
      await options.docker.removeImage(id)
  })
  const created = createTestEngine(t, options)
  return created
}

const fileOf = (content: string) => ({ files: { 'a.py': content } })

/** What the cases of all runtimes say otherwise of images of others, for only their proxy sees how their language server ended. */
export const foreignCases: Pick<RuntimeCases, 'image' | 'probe' | 'broken' | 'processEnd'> = {
  image: foreignImage,
  probe: python3.probe,
  processEnd: { error: { type: 'SystemError' }, logs: { stdout: null, stderr: null } },
  /** In the words of the Dockerfile of its functions, behind those of Docker. */
  broken: {
    'two files and no handler': {
      files: { 'a.py': '', 'b.py': '' },
      message: /returned a non-zero code: 1\nStep .*\n[\s\S]*^Exactly 1 source file needed when HANDLER is empty$/m,
    },
    'a syntax error': { ...fileOf('def handle(:'), message: /\nInvalid function file or handler: SyntaxError: / },
    'an import that fails': {
      ...fileOf('import absent'),
      message: /: ModuleNotFoundError: No module named 'absent'$/m,
    },
    'a process that ends while it is imported': {
      ...fileOf('import os; os._exit(3)'),
      message: /returned a non-zero code: 3/,
    },
  },
}
