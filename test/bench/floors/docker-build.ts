/** floor.build: plain `docker build` of what an image asks for, by the install program that the runtime image brings. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Language, runtimeImage } from '../functions.ts'
import { timeMs } from '../rest.ts'
import type { Scope } from '../scope.ts'

const run = promisify(execFile)
// The builder that every Docker has; what it says belongs into the failure, not onto the table.
const env = { ...process.env, DOCKER_BUILDKIT: '0' }
const build = (directory: string, tag: string, ...options: string[]) =>
  run('docker', ['build', '--quiet', '--no-cache', '--force-rm', '--tag', tag, ...options, directory], { env })

const removable = (scope: Scope, tag: string): string => {
  scope.defer(() => run('docker', ['image', 'rm', '--force', tag]))
  return tag
}

/** Node is mounted where functions run; a plain build has no mounts. */
async function addNode(scope: Scope, directory: string): Promise<string> {
  const tag = removable(scope, `dispatch-floor/node:${randomUUID().slice(0, 8)}`)
  await run('cp', [process.execPath, join(directory, 'node')])
  await writeFile(join(directory, 'Dockerfile'), `FROM ${runtimeImage('nodejs')}\nCOPY node /usr/bin/node\n`)
  await build(directory, tag)
  await rm(join(directory, 'node'))
  return tag
}

const dockerfile = (base: string): string => `FROM ${base}
USER 0:0
COPY settings.json packages.txt /run/dispatch/build/
RUN /runtime/install-packages
`

export interface BuildFloor {
  language: Language
  /** As /run/dispatch/build/settings.json has them. */
  settings: Record<string, string>
}

/** The result times one build of the manifest. */
export async function openBuild(scope: Scope, { language, settings }: BuildFloor) {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-floor-'))
  scope.defer(() => rm(directory, { recursive: true }))
  const base = language === 'nodejs' ? await addNode(scope, directory) : runtimeImage(language)
  await writeFile(join(directory, 'Dockerfile'), dockerfile(base))
  await writeFile(join(directory, 'settings.json'), JSON.stringify(settings))
  const tag = removable(scope, `dispatch-floor/${language}:${randomUUID().slice(0, 8)}`)
  return async (manifest: string): Promise<number> => {
    await writeFile(join(directory, 'packages.txt'), manifest)
    const elapsedMs = await timeMs(() => build(directory, tag))
    // The next one would leave this one behind without a name.
    await run('docker', ['image', 'rm', '--force', tag])
    return elapsedMs
  }
}
